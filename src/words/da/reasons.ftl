# Hvorfor noget ikke er opfyldt, eller hvad læseren bør vide. «todo» er rettet til den, der kan bringe det i orden.

## Parter og aftaler

party-incomplete = Oplysninger mangler om { $party }: { $lacks }.
    .todo = Udfyld oplysningerne i sagsfilen.
main-agreement-missing = Hovedaftalen er ikke angivet, eller den kan ikke skelnes fra andre aftaler.
    .todo = Angiv hovedaftalens titel og dertil dato eller anden entydig identifikation i [agreements.main].
processing-agreement-missing = Databehandleraftalen er ikke angivet.
    .todo = Angiv databehandleraftalens titel og dato i [agreements.processing].
end-missing = Det er ikke angivet, hvornår hovedaftalen ophører.
    .todo = Angiv ophørsdatoen (end) i [agreements].
end-ahead = Ophørsdagen er den { $date } og ligger dermed efter dagen for denne kontrol.
    .todo = Gentag kontrollen, når dagen er kommet.
days-after-end = Antal dage fra hovedaftalens ophør til den sidste sletning ({ $date }): { $days }.

## Dokumenter og personer

document-missing = Dokumentet mangler ({ $what }): Filen { $file } ligger ikke ved siden af sagsfilen, eller dens SHA-256-kontrolsum er en anden end den angivne.
    .todo = { $who ->
        [controller] Giv databehandleren dokumentet, så det kan lægges ved siden af sagsfilen.
        [sub-processor] Giv databehandleren dokumentet, så det kan lægges ved siden af sagsfilen.
       *[processor] Læg filen { $file } ved siden af sagsfilen, eller ret filnavn og sha256 i sagsfilen.
    }
person-missing = Der mangler navn på en person: { $what }.
    .todo = { $who ->
        [processor] Angiv personens navn og titel i sagsfilen.
       *[other] Oplys personens navn og titel, så databehandleren kan angive dem i sagsfilen.
    }

## Instruks og fortegnelse

instruction-missing = Den dataansvarliges dokumenterede instruks om sletning eller tilbagelevering mangler, eller den har ingen reference.
    .todo = { $who ->
        [controller] Giv databehandleren en skriftlig instruks med reference om sletning eller tilbagelevering.
       *[other] Indhent den dataansvarliges skriftlige instruks, og angiv den i [instruction].
    }
instruction-ahead = Instruksen er dateret den { $date } og dermed efter dagen for denne kontrol.
    .todo = Ret instruksens dato i [instruction], eller gentag kontrollen, når dagen er kommet.
archive-missing = Den dataansvarlige har ikke bekræftet, at intet skal arkiveres før sletningen.
    .todo = { $who ->
        [controller] Bekræft skriftligt, at intet skal arkiveres, før der slettes.
       *[other] Indhent den dataansvarliges skriftlige bekræftelse, og angiv den i [archive].
    }
archive-too-late = Post { $item } blev slettet den { $date }, før det var bekræftet, at intet skulle arkiveres først.
    .todo = { $who ->
        [controller] Tag skriftligt stilling til, om den tidlige sletning accepteres.
       *[other] Bed den dataansvarlige tage skriftligt stilling; en accept angives i acceptances med what = "archive".
    }
inventory-missing = Ingen navngiven person har erklæret, at fortegnelsen omfatter alt (fuldstændighedserklæring).
    .todo = Lad en navngiven person underskrive fuldstændighedserklæringen, og angiv den i [inventory].
inventory-too-early = Fuldstændighedserklæringen er ældre end den seneste brug af post { $item } ({ $date }).
    .todo = Underskriv en ny fuldstændighedserklæring, når intet længere er i brug, eller ret last_used.
inventory-older = Fuldstændighedserklæringen er ældre end post { $item }, som kom på fortegnelsen den { $date }.
    .todo = Underskriv en ny fuldstændighedserklæring, der også omfatter post { $item }.
no-items = Fortegnelsen er tom: Der er ikke angivet noget, som oplysningerne har ligget på.
    .todo = Opfør hvert lagringsmedium og hver kopi som en post i items.
nothing-given-back = Instruksen kræver tilbagelevering, men der er ikke kvitteret for noget tilbageleveret.
    .todo = Tilbagelever oplysningerne, og føj kvitteringen til med radera case add, før det, de lå på, slettes; eller angiv, at mediet er udleveret (handed_over).
system-without-item = Ingen post i fortegnelsen hører til systemet { $system } (bilag 1).
    .todo = Opfør det, som systemets oplysninger ligger på, eller angiv systemet på den post, det hører til.
no-systems = Systemerne i bilag 1 er ikke angivet.
    .todo = Opfør hvert system fra bilag 1 i systems.
location-without-item = Ingen post i fortegnelsen hører til lokationen { $location } (bilag 2).
    .todo = Opfør det, der findes på lokationen, eller angiv lokationen på den post, det hører til.
no-locations = Lokationerne i bilag 2 er ikke angivet.
    .todo = Opfør hver lokation fra bilag 2 i locations.
location-outside-eu = Lokationen { $location } ligger uden for EU og EØS (landekode { $country }); aftalen kræver opbevaring inden for EU.
    .todo = { $who ->
        [controller] Tag stilling til opbevaringen uden for EU.
       *[other] Kontrollér landekoden. Er den rigtig, så gør rede for opbevaringen over for den dataansvarlige.
    }
unlisted-medium = Et lagringsmedium, der ikke står på fortegnelsen, er slettet: serienummer { $serial }, sletterapport { $file }.
    .todo = Opfør lagringsmediet som en post i items, og lad sletterapporten høre til den.
copy-not-stated = Der er hverken opført kopier af denne art eller erklæret, at der ingen er: { $kind }.
    .todo = Opfør kopierne i items, eller angiv arten i none under [inventory], når det er undersøgt, at der ingen er.
copy-denied = Det er erklæret, at der ingen kopier er af arten { $kind }, men post { $item } er en sådan.
    .todo = Fjern arten fra none under [inventory], og underskriv fuldstændighedserklæringen på ny.
rejected = Resultatet blev afvist den { $date } af den, der traf afgørelsen.
    .todo = Gennemfør det, som afgørelsen anviser i stedet, og indhent en ny afgørelse.

## Poster

item-open = Post { $item } er ikke godtgjort (udfald: { $outcome }).
    .todo = Se under posten, hvad der mangler.
item-missing = Post { $item }: Intet viser, hvad der er blevet af den.
    .todo = Angiv postens udfald med dokumentation, eller slet lagringsmediet med radera wipe --case.
item-failed = Post { $item }: Sletningen mislykkedes den { $date }.
    .todo = Slet på en anden måde, eller få lagringsmediet ødelagt fysisk, og angiv det nye udfald.
item-pending = Post { $item } forventes slettet den { $date }.
    .todo = Dokumentér sletningen, når dagen er kommet, og udsted en erklæring, der træder i stedet for denne.
item-pending-over = Post { $item } skulle have været slettet den { $date }, men det er ikke dokumenteret.
    .todo = Dokumentér, at posten er slettet, og angiv udfaldet.
source-not-erased = Post { $item }: Oplysningerne er tilbageleveret ({ $return }), men det, de lå på, er ikke slettet. Tilbagelevering træder ikke i stedet for sletning.
    .todo = Slet post { $item }, og angiv sletterapporten.
erased-before-receipt = Post { $item } blev slettet den { $date }, før der var kvitteret for tilbageleveringen ({ $return }).
    .todo = { $who ->
        [controller] Bekræft skriftligt, om de tilbageleverede oplysninger er modtaget i brugbar stand.
       *[other] Afklar med den dataansvarlige, om de tilbageleverede oplysninger er modtaget i brugbar stand, og ret datoerne, hvis de er forkerte.
    }
before-instruction = Post { $item } blev behandlet den { $date }, før instruksen af { $instruction }.
    .todo = { $who ->
        [controller] Tag skriftligt stilling til det, der skete før instruksen.
       *[other] Ret datoerne, hvis de er forkerte. Er de rigtige, må den dataansvarlige tage stilling; en accept angives i acceptances med what = "instruction".
    }
date-ahead = Datoen { $date } ({ $item }) ligger efter dagen for denne kontrol.
    .todo = Ret datoen, eller gentag kontrollen, når dagen er kommet.
no-record = Post { $item } er angivet som slettet, men uden sletterapport.
    .todo = Angiv sletterapporten (JSON) med radera case add.
record-absent = Post { $item }: Sletterapporten { $file } findes ikke.
    .todo = Læg sletterapporten og dens signatur (.p7s) ved siden af sagsfilen.
record-not-authentic = Post { $item }: Sletterapporten { $file } kan ikke lægges til grund: { $why }
    .todo = Brug den uændrede sletterapport med tilhørende signatur, eller slet og dokumentér på ny.
record-untrusted = Post { $item }: Sletterapporten { $file } er signeret med en nøgle, som ingen har vedkendt sig: { $signer }.
    .todo = Få fingeraftrykket bekræftet ad anden vej (aftalens bilag, Digital Post), og angiv nøglen i keys.
record-foreign = Post { $item }: Sletterapporten { $file } hører ikke til denne sag (rapportens sag: { $case }).
    .todo = Slet på ny med radera wipe --case, så sletterapporten hører til denne sag.
record-other-medium = Post { $item }: Sletterapporten { $file } gælder et andet lagringsmedium, med serienummer { $serial }.
    .todo = Angiv sletterapporten for det rigtige lagringsmedium, eller ret postens serienummer.
record-unidentified = Post { $item }: Hverken serienummer eller inventarnummer knytter sletterapporten { $file } til posten.
    .todo = Angiv serienummer (serial) eller inventarnummer (asset) på posten.
record-of-part = Post { $item }: Sletterapporten { $file } dækker kun en del af lagringsmediet.
    .todo = Slet hele lagringsmediet, og angiv den nye sletterapport.
record-of-files = Post { $item }: Sletterapporten { $file } dækker kun filer eller fri plads på lagringsmediet og ikke lagringsmediet selv.
    .todo = Slet hele lagringsmediet, og angiv den nye sletterapport; eller angiv posten som logisk slettet, med denne sletterapport som dokument, og indhent den dataansvarliges accept.
record-not-sanitized = Post { $item }: Ifølge sletterapporten { $file } endte sletningen ikke med et slettet og efterprøvet lagringsmedium.
    .todo = Slet igen, eller få lagringsmediet ødelagt fysisk.
record-exceptions = Post { $item }: Ifølge sletterapporten { $file } kunne dele af lagringsmediet ikke skrives eller læses.
    .todo = { $who ->
        [controller] Tag skriftligt stilling til, om undtagelserne accepteres.
       *[other] Få lagringsmediet ødelagt fysisk, eller indhent den dataansvarliges underskrevne accept (what = "exceptions").
    }
record-replaced = Post { $item }: Sletterapporten { $file } er afløst af en senere, som ikke er angivet.
    .todo = Angiv den seneste sletterapport for posten.
record-used-twice = Post { $item }: Sletterapporten { $file } er allerede brugt for post { $other }.
    .todo = Angiv en sletterapport for hvert lagringsmedium.
record-too-old = Post { $item }: Sletningen ifølge { $file } ligger før den seneste brug af lagringsmediet ({ $date }).
    .todo = Slet lagringsmediet igen efter den seneste brug, eller ret last_used.
gone-before-last-use = Post { $item } gik bort, før den ifølge last_used sidst var i brug ({ $date }).
    .todo = Ret datoerne, hvis de er forkerte. Er de rigtige, må der gøres rede for, hvad der har været i brug siden.
last-use-unknown = Post { $item }: Det er ikke angivet, hvornår lagringsmediet sidst var i brug.
    .todo = Angiv last_used på posten.
level-too-low = Post { $item }: Det dokumenterede niveau er { $reached }, men oplysningerne kræver { $needs }.
    .todo = { $who ->
        [controller] Tag skriftligt stilling til, om det lavere niveau accepteres.
       *[other] Slet på det krævede niveau, få lagringsmediet ødelagt fysisk, eller indhent den dataansvarliges underskrevne accept (what = "level").
    }
logical-not-accepted = Post { $item } er slettet logisk i et system i drift. Det tæller kun med den dataansvarliges skriftlige accept.
    .todo = { $who ->
        [controller] Tag skriftligt stilling til, om den logiske sletning accepteres.
       *[other] Indhent den dataansvarliges underskrevne accept (what = "logical-deletion").
    }
destruction-incomplete = Post { $item }: Oplysninger om ødelæggelsen mangler: { $lacks }.
    .todo = Udfyld oplysningerne under destroyed, og angiv dokumentationen fra den, der udførte ødelæggelsen.
flash-degaussed = Post { $item }: Flashhukommelse kan ikke slettes ved afmagnetisering.
    .todo = Få lagringsmediet makuleret eller på anden måde ødelagt fysisk.
not-magnetic = Post { $item }: Kun magnetiske medier kan afmagnetiseres.
    .todo = Få lagringsmediet ødelagt fysisk på anden måde, eller ret mediets art (media).
degaussing-not-accepted = Post { $item } er afmagnetiseret. Det tæller kun med den dataansvarliges skriftlige accept.
    .todo = { $who ->
        [controller] Tag skriftligt stilling til, om afmagnetiseringen accepteres.
       *[other] Indhent den dataansvarliges underskrevne accept (what = "degaussing"), eller få lagringsmediet ødelagt fysisk.
    }
not-to-be-returned = Post { $item } er udleveret, men instruksen omfatter ikke tilbagelevering.
    .todo = { $who ->
        [controller] Tag stilling til udleveringen i en instruks.
       *[other] Indhent en instruks, der omfatter tilbagelevering, eller slet lagringsmediet.
    }
retention-incomplete = Post { $item }: Oplysninger om den lovpligtige opbevaring mangler: { $lacks }.
    .todo = Angiv lov, bestemmelse, slutdato og den ansvarlige person under retained.
retention-over = Post { $item }: Opbevaringspligten udløb den { $date }.
    .todo = Slet posten, og udsted en erklæring, der træder i stedet for denne.
retained-until = Post { $item } opbevares fortsat til den { $date } efter { $act }, { $section }.
accepted-by-controller = { $item }: Den dataansvarlige har accepteret følgende: { $what } (accept { $acceptance }).
acceptance-void = Accepten { $acceptance } kan ikke lægges til grund: Underskriver eller dokument mangler, eller datoen ligger ude i fremtiden.
    .todo = { $who ->
        [controller] Giv databehandleren en accept med navn, dato og underskrift.
       *[other] Ret accepten i sagsfilen, og læg det underskrevne dokument ved siden af.
    }

## Sletteværktøj

tool-without-approval = Post { $item }: Der foreligger ingen skriftlig godkendelse af { $tool } i version { $version }.
    .todo = { $who ->
        [controller] Tag stilling til værktøjet; en godkendelse gives skriftligt og nævner værktøj, version, medier, metode og slutdato.
       *[other] Indhent en skriftlig sikkerhedsgodkendelse, der nævner værktøj og version, og angiv den i tool_approvals.
    }
tool-not-for-media = Post { $item }: Godkendelsen af sletteværktøjet omfatter ikke denne art medium: { $media }.
    .todo = { $who ->
        [controller] Tag stilling til, om godkendelsen skal omfatte arten; ellers må lagringsmediet ødelægges fysisk.
       *[other] Indhent en godkendelse, der omfatter arten, eller få lagringsmediet ødelagt fysisk.
    }
media-differs = Post { $item }: Sletterapporten viser en anden art medium end posten: { $media }.
    .todo = Ret arten (media) på posten, eller angiv sletterapporten for det rigtige lagringsmedium.
tool-not-for-method = Post { $item }: Godkendelsen af sletteværktøjet omfatter ikke metoden { $method }.
    .todo = { $who ->
        [controller] Tag stilling til, om godkendelsen skal omfatte metoden; ellers må der slettes på en anden måde.
       *[other] Indhent en godkendelse, der omfatter metoden, eller slet med en metode, som godkendelsen omfatter.
    }
tool-approval-not-valid = Post { $item }: Godkendelsen af sletteværktøjet gjaldt ikke den { $date }, da sletningen begyndte.
    .todo = { $who ->
        [controller] Tag stilling til, om godkendelsen også skal gælde den dag; ellers må der slettes igen.
       *[other] Indhent en godkendelse, der gælder for dagen, eller slet igen, mens en godkendelse gælder.
    }

## Den skriftlige meddelelse

notice-missing = Kommunens skriftlige meddelelse om sletning eller tilbagelevering foreligger ikke. Meddelelsen er den dataansvarliges pligt.
    .todo = { $who ->
        [controller] Meddel databehandleren skriftligt, om oplysningerne skal slettes eller tilbageleveres.
       *[other] Bed den dataansvarlige om den skriftlige meddelelse, og angiv den i [notice].
    }
notice-late = Kommunens meddelelse er dateret den { $date }. Antal dage fra meddelelsen til ophøret: { $days }. Fristen er senest 30 dage inden ophøret, og den påhviler den dataansvarlige.
    .todo = { $who ->
        [controller] Fristen kan ikke nås længere. Stå ved instruksen eller ændr den skriftligt; forsinkelsen hindrer ikke leverandøren i at opfylde de øvrige punkter.
       *[other] Fristen er den dataansvarliges; forsinkelsen hindrer ikke, at de øvrige punkter opfyldes.
    }
notice-in-time = Kommunens meddelelse er dateret den { $date }. Antal dage fra meddelelsen til ophøret: { $days }.
notice-differs = Kommunens meddelelse og instruksen siger ikke det samme om, hvorvidt der skal slettes eller tilbageleveres.
    .todo = { $who ->
        [controller] Præcisér skriftligt, hvad der gælder.
       *[other] Bed den dataansvarlige præcisere skriftligt, hvad der gælder, og ret [notice] eller [instruction].
    }

## Underdatabehandlere

subprocessors-not-stated = Der er hverken opført underdatabehandlere eller erklæret, at der ingen er.
    .todo = Opfør hver underdatabehandler fra bilag 2 i subprocessors, eller angiv no_subprocessors = true under [inventory].
subprocessors-denied = Det er erklæret, at der ingen underdatabehandlere er, men der er opført en eller flere.
    .todo = Fjern no_subprocessors under [inventory], og underskriv fuldstændighedserklæringen på ny.
subprocessor-open = Dokumentationen fra underdatabehandleren { $subprocessor } er ikke tilstrækkelig: { $grade }.
    .todo = Se under underdatabehandleren, hvad der mangler.
not-forwarded = Kommunens meddelelse er ikke dokumenteret videresendt til underdatabehandleren { $subprocessor }.
    .todo = Videresend meddelelsen, og angiv dato og dokument under forwarded.
forwarded-too-early = Meddelelsen er angivet som videresendt til underdatabehandleren { $subprocessor } den { $date }, før der forelå en meddelelse eller instruks.
    .todo = Ret datoen, eller videresend den gældende meddelelse.
subprocessor-nothing = Underdatabehandleren { $subprocessor } har ikke dokumenteret noget.
    .todo = { $who ->
        [sub-processor] Send databehandleren en signeret sletteerklæring.
       *[other] Indhent en signeret sletteerklæring fra underdatabehandleren, og tilføj den med radera case add.
    }
only-statement = Underdatabehandleren { $subprocessor } har kun givet sit eget udsagn, som ingen har underskrevet.
    .todo = { $who ->
        [sub-processor] Send databehandleren en signeret sletteerklæring.
       *[other] Indhent en signeret sletteerklæring fra underdatabehandleren, og tilføj den med radera case add.
    }
declaration-not-accepted = Underdatabehandleren { $subprocessor } har underskrevet en erklæring, som den dataansvarlige ikke har accepteret i stedet for en sletteerklæring.
    .todo = { $who ->
        [controller] Tag skriftligt stilling til, om erklæringen accepteres.
        [sub-processor] Send databehandleren en signeret sletteerklæring.
       *[other] Indhent en sletteerklæring fra underdatabehandleren eller den dataansvarliges underskrevne accept (what = "declaration").
    }
declaration-too-old = Dokumentationen fra underdatabehandleren { $subprocessor } er dateret den { $date }, før meddelelsen blev videresendt.
    .todo = { $who ->
        [sub-processor] Afgiv en ny erklæring, der er dateret efter meddelelsen.
       *[other] Indhent en ny erklæring, der er dateret efter meddelelsen.
    }
certificate-absent = Sletteerklæringen fra underdatabehandleren { $subprocessor } findes ikke: { $file }.
    .todo = { $who ->
        [sub-processor] Send databehandleren sletteerklæringen og dens signatur (.p7s).
       *[other] Læg sletteerklæringen og dens signatur (.p7s) ved siden af sagsfilen.
    }
certificate-not-authentic = Sletteerklæringen fra underdatabehandleren { $subprocessor } ({ $file }) kan ikke lægges til grund: { $why }
    .todo = { $who ->
        [sub-processor] Send sletteerklæringen på ny, uændret og med tilhørende signatur.
       *[other] Indhent den uændrede sletteerklæring med tilhørende signatur.
    }
certificate-untrusted = Sletteerklæringen fra underdatabehandleren { $subprocessor } ({ $file }) er signeret med en nøgle, som ingen har vedkendt sig: { $signer }.
    .todo = { $who ->
        [sub-processor] Bekræft nøglens fingeraftryk over for databehandleren ad anden vej (aftalens bilag, Digital Post).
       *[other] Få fingeraftrykket bekræftet ad anden vej, og angiv nøglen i keys med underdatabehandleren som indehaver.
    }
certificate-incomplete = I sletteerklæringen fra underdatabehandleren { $subprocessor } ({ $file }) er ikke alle punkter opfyldt.
    .todo = { $who ->
        [sub-processor] Bring de åbne punkter i orden, og send en ny sletteerklæring.
       *[other] Bed underdatabehandleren bringe de åbne punkter i orden og sende en ny sletteerklæring.
    }
certificate-other-profile = Sletteerklæringen fra underdatabehandleren { $subprocessor } ({ $file }) besvarer andre spørgsmål end dem, der hører til en aftales ophør.
    .todo = { $who ->
        [sub-processor] Udsted en sletteerklæring for aftalens ophør (profile = "contract-end").
       *[other] Bed underdatabehandleren om en sletteerklæring for aftalens ophør (profile = "contract-end").
    }
certificate-other-instruction = Sletteerklæringen fra underdatabehandleren { $subprocessor } ({ $file }) henviser ikke til instruksen i denne sag.
    .todo = { $who ->
        [sub-processor] Udsted en sletteerklæring, der henviser til den videresendte instruks.
       *[other] Bed underdatabehandleren om en sletteerklæring, der henviser til den videresendte instruks.
    }
certificate-other-party = Sletteerklæringen, der er angivet for underdatabehandleren { $subprocessor } ({ $file }), er udstedt af en anden (nummer { $number }).
    .todo = { $who ->
        [sub-processor] Send databehandleren jeres egen sletteerklæring.
       *[other] Angiv den rigtige sletteerklæring, eller ret underdatabehandlerens nummer.
    }

## Reparation

repair-incomplete = Oplysninger om reparationen mangler: { $lacks }.
    .todo = Udfyld oplysningerne i [repair].
confidentiality-missing = Der foreligger ingen skriftlig fortrolighedserklæring.
    .todo = Indhent den underskrevne fortrolighedserklæring, og angiv den under confidentiality i sagsfilen.
confidentiality-too-late = Fortrolighedserklæringen er dateret den { $date }, efter at udstyret blev udleveret til reparatøren.
    .todo = Lad reparatøren bekræfte, at fortroligheden også gælder tiden før underskriften, og få det vurderet af den dataansvarlige.
not-erased-no-reason = Post { $item } blev ikke slettet før reparationen, og det er ikke begrundet.
    .todo = Slet posten, eller angiv i not_erased_because, hvorfor det ikke var muligt.
not-erased-because = Oplysningerne blev ikke slettet før reparationen. Begrundelse: { $why }
erased-after-hand-over = Post { $item } blev først slettet den { $date }, efter at udstyret var udleveret til reparatøren.
    .todo = Angiv i not_erased_because, hvorfor oplysningerne ikke blev slettet inden.
medium-removed-unknown = Det er ikke angivet, om lagringsmediet blev taget ud før reparationen.
    .todo = Angiv medium_removed = true eller false i [repair].
medium-removed = Lagringsmediet blev taget ud før reparationen.
medium-left = Lagringsmediet sad i udstyret under reparationen.
not-returned = Udstyret er endnu ikke kommet tilbage fra reparation.
    .todo = Angiv dagen (returned) og kvitteringen (receipt) i [repair], når udstyret er tilbage.

## Kassation og afhændelse

disposal-missing = Det er ikke angivet, hvad der skal ske med udstyret.
    .todo = Udfyld [disposal].
advised-against = Kommunen fraråder at sælge eller bortgive udstyr, der har været anvendt til behandling af personoplysninger (bilag 3, punkt 11).
not-destroyed = Post { $item } er ikke ødelagt eller afmagnetiseret, selv om der er påberåbt destruktion.
    .todo = Få lagringsmediet ødelagt fysisk, eller angiv en anden begrundelse i limb.
not-sanitized = Post { $item } er hverken slettet som påberåbt eller ødelagt.
    .todo = Slet lagringsmediet, eller få det ødelagt fysisk.
guarantor-missing = Ingen navngiven person indestår skriftligt for sletningen.
    .todo = Angiv, hvem der indestår (guarantor), og den underskrevne garanti (guarantee) i [disposal].

## Opgavens ophør

assignment-missing = Det er ikke angivet, hvornår og hvordan opgaven ophørte.
    .todo = Udfyld [assignment].
nothing-returned = Der er ikke kvitteret for noget tilbageleveret.
    .todo = Aflevér materiale, udstyr og digitalt lagrede oplysninger, og angiv kvitteringerne i assignment.returned.
nothing-kept-missing = Det er ikke erklæret, at intet er beholdt.
    .todo = Underskriv en erklæring om, at intet er beholdt, og angiv den i [assignment.nothing_kept].
approval-missing = Kommunens godkendelse af, at der slettes, mangler.
    .todo = { $who ->
        [controller] Godkend skriftligt, at der slettes, eller meddel, at der ikke må slettes.
       *[other] Indhent kommunens skriftlige godkendelse, og angiv den i [assignment.approval].
    }
erased-before-approval = Post { $item } blev slettet den { $date }, før kommunen havde godkendt det.
    .todo = { $who ->
        [controller] Tag skriftligt stilling til den tidlige sletning.
       *[other] Gør rede for den tidlige sletning over for kommunen, og indhent dens stillingtagen.
    }
approval-is-policy = Overenskommelsen kræver kommunens godkendelse for sletning i kommunens it-miljø. At den her kræves også for kopier uden for det, er vores egen praksis.
days-to-return = Antal dage fra opgavens ophør til den sidste aflevering: { $days }.

## Fem forhold, der afgøres af en person

regions-unknown = Områder, som ikke kan nås udefra, er ikke dokumenteret slettet af lagringsmediet selv, eller skjulte områder kunne ikke udelukkes: { $items }.
regions-reached = De slettede lagringsmedier udførte selv sletningen, og der blev ikke fundet skjulte områder.
levels-reached = Hver post med en sletterapport nåede mindst det niveau, som dens oplysninger kræver.
levels-not-reached = Disse poster nåede ikke det niveau, som deres oplysninger kræver: { $items }.
nothing-measured = Intet er målt: Ingen post er slettet med en sletterapport, der kan lægges til grund.
same-person = Udførende og kontrollant er samme person, eller en af dem er ikke navngivet.
people-unknown = Om personerne er kvalificerede og værktøjerne kalibrerede, kan et program ikke vide.
minimum-unknown = Organisationens eget mindstekrav til sletning er ikke angivet.
scope-over-provisioned = Flashhukommelse blev overskrevet udefra; reserveblokke nås ikke på den måde: { $items }.
scope-partial = Kun en del blev slettet, eller mediet er virtuelt: { $items }.
scope-whole = Sletningerne omfattede hele lagringsmedier.
