# Varför något inte är uppfyllt, eller vad läsaren bör veta. «todo» är riktat till den som kan åtgärda det.

## Parter och avtal

party-incomplete = Uppgifter saknas om { $party }: { $lacks }.
    .todo = Fyll i uppgifterna i ärendefilen.
main-agreement-missing = Huvudavtalet är inte angivet, eller kan inte skiljas från andra avtal.
    .todo = Ange huvudavtalets titel och därtill datum eller annan entydig beteckning i [agreements.main].
processing-agreement-missing = Personuppgiftsbiträdesavtalet är inte angivet.
    .todo = Ange personuppgiftsbiträdesavtalets titel och datum i [agreements.processing].
end-missing = Det är inte angivet när huvudavtalet upphör.
    .todo = Ange dagen då avtalet upphör (end) i [agreements].
end-ahead = Slutdagen är den { $date }, alltså efter dagen för denna kontroll.
    .todo = Gör om kontrollen när dagen har kommit.
days-after-end = Antal dagar från huvudavtalets upphörande till den sista raderingen ({ $date }): { $days }.

## Handlingar och personer

document-missing = Handlingen saknas ({ $what }): Filen { $file } ligger inte bredvid ärendefilen, eller så är dess SHA-256-kontrollsumma en annan än den angivna.
    .todo = { $who ->
        [controller] Ge personuppgiftsbiträdet handlingen, så att den kan läggas bredvid ärendefilen.
        [sub-processor] Ge personuppgiftsbiträdet handlingen, så att den kan läggas bredvid ärendefilen.
       *[processor] Lägg filen { $file } bredvid ärendefilen, eller rätta filnamn och sha256 i ärendefilen.
    }
person-missing = Namn på en person saknas: { $what }.
    .todo = { $who ->
        [processor] Ange personens namn och titel i ärendefilen.
       *[other] Uppge personens namn och titel, så att personuppgiftsbiträdet kan ange dem i ärendefilen.
    }

## Instruktion och förteckning

instruction-missing = Den personuppgiftsansvariges dokumenterade instruktion om radering eller återlämnande saknas, eller saknar beteckning.
    .todo = { $who ->
        [controller] Ge personuppgiftsbiträdet en skriftlig instruktion med beteckning om radering eller återlämnande.
       *[other] Inhämta den personuppgiftsansvariges skriftliga instruktion och ange den i [instruction].
    }
instruction-ahead = Instruktionen är daterad den { $date }, alltså efter dagen för denna kontroll.
    .todo = Rätta instruktionens datum i [instruction], eller gör om kontrollen när dagen har kommit.
archive-missing = Den personuppgiftsansvarige har inte bekräftat att inget behöver arkiveras före raderingen.
    .todo = { $who ->
        [controller] Bekräfta skriftligt att inget behöver arkiveras innan uppgifterna raderas.
       *[other] Inhämta den personuppgiftsansvariges skriftliga bekräftelse och ange den i [archive].
    }
archive-too-late = Post { $item } raderades den { $date }, innan det var bekräftat att inget behövde arkiveras först.
    .todo = { $who ->
        [controller] Ta skriftligt ställning till om den tidiga raderingen godtas.
       *[other] Be den personuppgiftsansvarige ta skriftlig ställning; ett godtagande anges i acceptances med what = "archive".
    }
inventory-missing = Ingen namngiven person har intygat att förteckningen omfattar allt.
    .todo = Låt en namngiven person underteckna en försäkran om att förteckningen omfattar allt, och ange den i [inventory].
inventory-too-early = Försäkran om förteckningen är äldre än den senaste användningen av post { $item } ({ $date }).
    .todo = Underteckna en ny försäkran när inget längre används, eller rätta last_used.
inventory-older = Försäkran om förteckningen är äldre än post { $item }, som fördes upp den { $date }.
    .todo = Underteckna en ny försäkran som även omfattar post { $item }.
no-items = Förteckningen är tom: inget är angivet som uppgifterna har funnits på.
    .todo = För upp varje lagringsmedium och varje kopia som en post i items.
nothing-given-back = Instruktionen kräver återlämnande, men inget återlämnande är kvitterat.
    .todo = Återlämna uppgifterna och lägg till kvittot med radera case add, innan det som de låg på raderas; eller ange att mediet är utlämnat (handed_over).
system-without-item = Ingen post i förteckningen hör till systemet { $system } (bilaga 1).
    .todo = För upp det som systemets uppgifter finns på, eller ange systemet på den post det hör till.
no-systems = Systemen i bilaga 1 är inte angivna.
    .todo = För upp varje system i bilaga 1 i systems.
location-without-item = Ingen post i förteckningen hör till platsen { $location } (bilaga 2).
    .todo = För upp det som finns på platsen, eller ange platsen på den post det hör till.
no-locations = Platserna i bilaga 2 är inte angivna.
    .todo = För upp varje plats i bilaga 2 i locations.
location-outside-eu = Platsen { $location } ligger utanför EU och EES (landskod { $country }); avtalet kräver lagring inom EU.
    .todo = { $who ->
        [controller] Ta ställning till lagringen utanför EU.
       *[other] Kontrollera landskoden. Om den stämmer ska lagringen redovisas för den personuppgiftsansvarige.
    }
unlisted-medium = Ett lagringsmedium som inte står i förteckningen har raderats: serienummer { $serial }, raderingsprotokoll { $file }.
    .todo = För upp lagringsmediet som en post i items och låt raderingsprotokollet höra till den.
copy-not-stated = Kopior av detta slag är varken upptagna eller förklarade obefintliga: { $kind }.
    .todo = För upp kopiorna i items, eller ange slaget i none under [inventory] när det är undersökt att det inte finns några.
copy-denied = Det är förklarat att det inte finns några kopior av slaget { $kind }, men post { $item } är en sådan.
    .todo = Ta bort slaget ur none under [inventory] och underteckna försäkran om förteckningen på nytt.
rejected = Resultatet underkändes den { $date } av den som fattade beslutet.
    .todo = Genomför det som beslutet anvisar i stället, och inhämta ett nytt beslut.

## Poster

item-open = Post { $item } är inte styrkt (utfall: { $outcome }).
    .todo = Se under posten vad som saknas.
item-missing = Post { $item }: Inget visar vad som har hänt med den.
    .todo = Ange postens utfall med underlag, eller radera lagringsmediet med radera wipe --case.
item-failed = Post { $item }: Raderingen misslyckades den { $date }.
    .todo = Radera på annat sätt eller låt förstöra lagringsmediet fysiskt, och ange det nya utfallet.
item-pending = Post { $item } väntas bli raderad den { $date }.
    .todo = Dokumentera raderingen när dagen har kommit, och utfärda ett intyg som ersätter detta.
item-pending-over = Post { $item } skulle ha varit raderad den { $date }, men det är inte dokumenterat.
    .todo = Dokumentera att posten är raderad och ange utfallet.
source-not-erased = Post { $item }: Uppgifterna är återlämnade ({ $return }), men det som de låg på är inte raderat. Återlämnande ersätter inte radering.
    .todo = Radera post { $item } och ange raderingsprotokollet.
erased-before-receipt = Post { $item } raderades den { $date }, innan återlämnandet ({ $return }) hade kvitterats.
    .todo = { $who ->
        [controller] Bekräfta skriftligt om de återlämnade uppgifterna har tagits emot i användbart skick.
       *[other] Klarlägg med den personuppgiftsansvarige om de återlämnade uppgifterna har tagits emot i användbart skick, och rätta datumen om de är fel.
    }
before-instruction = Post { $item } behandlades den { $date }, före instruktionen av den { $instruction }.
    .todo = { $who ->
        [controller] Ta skriftligt ställning till det som skedde före instruktionen.
       *[other] Rätta datumen om de är fel. Om de stämmer måste den personuppgiftsansvarige ta ställning; ett godtagande anges i acceptances med what = "instruction".
    }
date-ahead = Datumet { $date } ({ $item }) ligger efter dagen för denna kontroll.
    .todo = Rätta datumet, eller gör om kontrollen när dagen har kommit.
no-record = Post { $item } är angiven som raderad, men utan raderingsprotokoll.
    .todo = Ange raderingsprotokollet (JSON) med radera case add.
record-absent = Post { $item }: Raderingsprotokollet { $file } finns inte.
    .todo = Lägg raderingsprotokollet och dess signatur (.p7s) bredvid ärendefilen.
record-not-authentic = Post { $item }: Raderingsprotokollet { $file } kan inte läggas till grund: { $why }
    .todo = Använd det oförändrade raderingsprotokollet med tillhörande signatur, eller radera och dokumentera på nytt.
record-untrusted = Post { $item }: Raderingsprotokollet { $file } är signerat med en nyckel som ingen har vidkänts: { $signer }.
    .todo = Få fingeravtrycket bekräftat på annat sätt (avtalets bilaga, säker digital post) och ange nyckeln i keys.
record-foreign = Post { $item }: Raderingsprotokollet { $file } hör inte till detta ärende (protokollets ärende: { $case }).
    .todo = Radera på nytt med radera wipe --case, så att raderingsprotokollet hör till detta ärende.
record-other-medium = Post { $item }: Raderingsprotokollet { $file } gäller ett annat lagringsmedium, med serienummer { $serial }.
    .todo = Ange raderingsprotokollet för rätt lagringsmedium, eller rätta postens serienummer.
record-unidentified = Post { $item }: Varken serienummer eller inventarienummer knyter raderingsprotokollet { $file } till posten.
    .todo = Ange serienummer (serial) eller inventarienummer (asset) på posten.
record-of-part = Post { $item }: Raderingsprotokollet { $file } omfattar bara en del av lagringsmediet.
    .todo = Radera hela lagringsmediet och ange det nya raderingsprotokollet.
record-of-files = Post { $item }: Raderingsprotokollet { $file } omfattar bara filer eller ledigt utrymme på lagringsmediet, inte lagringsmediet självt.
    .todo = Radera hela lagringsmediet och ange det nya raderingsprotokollet; eller ange posten som logiskt raderad, med detta raderingsprotokoll som handling, och inhämta den personuppgiftsansvariges godtagande.
record-not-sanitized = Post { $item }: Enligt raderingsprotokollet { $file } slutade raderingen inte med ett raderat och kontrollerat lagringsmedium.
    .todo = Radera igen, eller låt förstöra lagringsmediet fysiskt.
record-exceptions = Post { $item }: Enligt raderingsprotokollet { $file } kunde delar av lagringsmediet inte skrivas eller läsas.
    .todo = { $who ->
        [controller] Ta skriftligt ställning till om undantagen godtas.
       *[other] Låt förstöra lagringsmediet fysiskt, eller inhämta den personuppgiftsansvariges undertecknade godtagande (what = "exceptions").
    }
record-replaced = Post { $item }: Raderingsprotokollet { $file } har ersatts av ett senare, som inte är angivet.
    .todo = Ange det senaste raderingsprotokollet för posten.
record-used-twice = Post { $item }: Raderingsprotokollet { $file } används redan för post { $other }.
    .todo = Ange ett raderingsprotokoll för varje lagringsmedium.
record-too-old = Post { $item }: Raderingen enligt { $file } skedde före den senaste användningen av lagringsmediet ({ $date }).
    .todo = Radera lagringsmediet igen efter den senaste användningen, eller rätta last_used.
gone-before-last-use = Post { $item } försvann innan den enligt last_used senast användes ({ $date }).
    .todo = Rätta datumen om de är fel. Om de stämmer måste det redovisas vad som har använts sedan dess.
last-use-unknown = Post { $item }: Det är inte angivet när lagringsmediet senast användes.
    .todo = Ange last_used på posten.
level-too-low = Post { $item }: Den dokumenterade nivån är { $reached }, men uppgifterna kräver { $needs }.
    .todo = { $who ->
        [controller] Ta skriftligt ställning till om den lägre nivån godtas.
       *[other] Radera på den nivå som krävs, låt förstöra lagringsmediet fysiskt, eller inhämta den personuppgiftsansvariges undertecknade godtagande (what = "level").
    }
logical-not-accepted = Post { $item } är logiskt raderad i ett system i drift. Det räknas bara med den personuppgiftsansvariges skriftliga godtagande.
    .todo = { $who ->
        [controller] Ta skriftligt ställning till om den logiska raderingen godtas.
       *[other] Inhämta den personuppgiftsansvariges undertecknade godtagande (what = "logical-deletion").
    }
destruction-incomplete = Post { $item }: Uppgifter om förstöringen saknas: { $lacks }.
    .todo = Fyll i uppgifterna under destroyed och ange underlaget från den som utförde förstöringen.
flash-degaussed = Post { $item }: Flashminne kan inte raderas genom avmagnetisering.
    .todo = Låt fragmentera lagringsmediet eller förstöra det fysiskt på annat sätt.
not-magnetic = Post { $item }: Bara magnetiska medier kan avmagnetiseras.
    .todo = Låt förstöra lagringsmediet fysiskt på annat sätt, eller rätta mediets slag (media).
degaussing-not-accepted = Post { $item } är avmagnetiserad. Det räknas bara med den personuppgiftsansvariges skriftliga godtagande.
    .todo = { $who ->
        [controller] Ta skriftligt ställning till om avmagnetiseringen godtas.
       *[other] Inhämta den personuppgiftsansvariges undertecknade godtagande (what = "degaussing"), eller låt förstöra lagringsmediet fysiskt.
    }
not-to-be-returned = Post { $item } är utlämnad, men instruktionen omfattar inte återlämnande.
    .todo = { $who ->
        [controller] Ta ställning till utlämnandet i en instruktion.
       *[other] Inhämta en instruktion som omfattar återlämnande, eller radera lagringsmediet.
    }
retention-incomplete = Post { $item }: Uppgifter om den lagstadgade lagringen saknas: { $lacks }.
    .todo = Ange lag, bestämmelse, slutdag och ansvarig person under retained.
retention-over = Post { $item }: Lagringsskyldigheten upphörde den { $date }.
    .todo = Radera posten och utfärda ett intyg som ersätter detta.
retained-until = Post { $item } bevaras till och med den { $date } enligt { $act }, { $section }.
accepted-by-controller = { $item }: Den personuppgiftsansvarige har godtagit { $what } (godtagande { $acceptance }).
acceptance-void = Godtagandet { $acceptance } kan inte läggas till grund: undertecknare eller handling saknas, eller så ligger datumet framåt i tiden.
    .todo = { $who ->
        [controller] Ge personuppgiftsbiträdet ett godtagande med namn, datum och underskrift.
       *[other] Rätta godtagandet i ärendefilen och lägg den undertecknade handlingen bredvid.
    }

## Raderingsverktyg

tool-without-approval = Post { $item }: Det finns inget skriftligt godkännande av { $tool } i version { $version }.
    .todo = { $who ->
        [controller] Ta ställning till verktyget; ett godkännande lämnas skriftligt och anger verktyg, version, medier, metod och slutdag.
       *[other] Inhämta ett skriftligt säkerhetsgodkännande som nämner verktyg och version, och ange det i tool_approvals.
    }
tool-not-for-media = Post { $item }: Godkännandet av raderingsverktyget omfattar inte detta slag av medium: { $media }.
    .todo = { $who ->
        [controller] Ta ställning till om godkännandet ska omfatta slaget; annars måste lagringsmediet förstöras fysiskt.
       *[other] Inhämta ett godkännande som omfattar slaget, eller låt förstöra lagringsmediet fysiskt.
    }
media-differs = Post { $item }: Raderingsprotokollet visar ett annat slag av medium än posten: { $media }.
    .todo = Rätta slaget (media) på posten, eller ange raderingsprotokollet för rätt lagringsmedium.
tool-not-for-method = Post { $item }: Godkännandet av raderingsverktyget omfattar inte metoden { $method }.
    .todo = { $who ->
        [controller] Ta ställning till om godkännandet ska omfatta metoden; annars måste raderingen göras på annat sätt.
       *[other] Inhämta ett godkännande som omfattar metoden, eller radera med en metod som godkännandet omfattar.
    }
tool-approval-not-valid = Post { $item }: Godkännandet av raderingsverktyget gällde inte den { $date }, då raderingen påbörjades.
    .todo = { $who ->
        [controller] Ta ställning till om godkännandet ska gälla även den dagen; annars måste raderingen göras om.
       *[other] Inhämta ett godkännande som gäller för dagen, eller radera igen medan ett godkännande gäller.
    }

## Det skriftliga meddelandet

notice-missing = Kommunens skriftliga meddelande om radering eller återlämnande föreligger inte. Meddelandet är den personuppgiftsansvariges skyldighet.
    .todo = { $who ->
        [controller] Meddela personuppgiftsbiträdet skriftligt om uppgifterna ska raderas eller återlämnas.
       *[other] Be den personuppgiftsansvarige om det skriftliga meddelandet och ange det i [notice].
    }
notice-late = Kommunens meddelande är daterat den { $date }. Antal dagar från meddelandet till upphörandet: { $days }. Fristen är senast 30 dagar före upphörandet och åligger den personuppgiftsansvarige.
    .todo = { $who ->
        [controller] Fristen kan inte längre hållas. Stå fast vid instruktionen eller ändra den skriftligt; förseningen hindrar inte leverantören från att uppfylla övriga punkter.
       *[other] Fristen är den personuppgiftsansvariges; förseningen hindrar inte att övriga punkter uppfylls.
    }
notice-in-time = Kommunens meddelande är daterat den { $date }. Antal dagar från meddelandet till upphörandet: { $days }.
notice-differs = Kommunens meddelande och instruktionen säger olika saker om huruvida uppgifterna ska raderas eller återlämnas.
    .todo = { $who ->
        [controller] Förtydliga skriftligt vad som gäller.
       *[other] Be den personuppgiftsansvarige förtydliga skriftligt vad som gäller, och rätta [notice] eller [instruction].
    }

## Underbiträden

subprocessors-not-stated = Underbiträden är varken upptagna eller förklarade obefintliga.
    .todo = För upp varje underbiträde i bilaga 2 i subprocessors, eller ange no_subprocessors = true under [inventory].
subprocessors-denied = Det är förklarat att det inte finns några underbiträden, men ett eller flera är upptagna.
    .todo = Ta bort no_subprocessors under [inventory] och underteckna försäkran om förteckningen på nytt.
subprocessor-open = Underlaget från underbiträdet { $subprocessor } räcker inte: { $grade }.
    .todo = Se under underbiträdet vad som saknas.
not-forwarded = Det är inte dokumenterat att kommunens meddelande har vidarebefordrats till underbiträdet { $subprocessor }.
    .todo = Vidarebefordra meddelandet och ange datum och handling under forwarded.
forwarded-too-early = Meddelandet är angivet som vidarebefordrat till underbiträdet { $subprocessor } den { $date }, innan det fanns något meddelande eller någon instruktion.
    .todo = Rätta datumet, eller vidarebefordra det gällande meddelandet.
subprocessor-nothing = Underbiträdet { $subprocessor } har inte dokumenterat något.
    .todo = { $who ->
        [sub-processor] Skicka ett signerat raderingsintyg till personuppgiftsbiträdet.
       *[other] Inhämta ett signerat raderingsintyg från underbiträdet och lägg till det med radera case add.
    }
only-statement = Underbiträdet { $subprocessor } har bara lämnat en egen uppgift, som ingen har undertecknat.
    .todo = { $who ->
        [sub-processor] Skicka ett signerat raderingsintyg till personuppgiftsbiträdet.
       *[other] Inhämta ett signerat raderingsintyg från underbiträdet och lägg till det med radera case add.
    }
declaration-not-accepted = Underbiträdet { $subprocessor } har undertecknat en försäkran, som den personuppgiftsansvarige inte har godtagit i stället för ett raderingsintyg.
    .todo = { $who ->
        [controller] Ta skriftligt ställning till om försäkran godtas.
        [sub-processor] Skicka ett signerat raderingsintyg till personuppgiftsbiträdet.
       *[other] Inhämta ett raderingsintyg från underbiträdet eller den personuppgiftsansvariges undertecknade godtagande (what = "declaration").
    }
declaration-too-old = Underlaget från underbiträdet { $subprocessor } är daterat den { $date }, innan meddelandet vidarebefordrades.
    .todo = { $who ->
        [sub-processor] Lämna en ny försäkran som är daterad efter meddelandet.
       *[other] Inhämta en ny försäkran som är daterad efter meddelandet.
    }
certificate-absent = Raderingsintyget från underbiträdet { $subprocessor } finns inte: { $file }.
    .todo = { $who ->
        [sub-processor] Skicka raderingsintyget och dess signatur (.p7s) till personuppgiftsbiträdet.
       *[other] Lägg raderingsintyget och dess signatur (.p7s) bredvid ärendefilen.
    }
certificate-not-authentic = Raderingsintyget från underbiträdet { $subprocessor } ({ $file }) kan inte läggas till grund: { $why }
    .todo = { $who ->
        [sub-processor] Skicka raderingsintyget på nytt, oförändrat och med tillhörande signatur.
       *[other] Inhämta det oförändrade raderingsintyget med tillhörande signatur.
    }
certificate-untrusted = Raderingsintyget från underbiträdet { $subprocessor } ({ $file }) är signerat med en nyckel som ingen har vidkänts: { $signer }.
    .todo = { $who ->
        [sub-processor] Bekräfta nyckelns fingeravtryck för personuppgiftsbiträdet på annat sätt (avtalets bilaga, säker digital post).
       *[other] Få fingeravtrycket bekräftat på annat sätt och ange nyckeln i keys med underbiträdet som innehavare.
    }
certificate-incomplete = I raderingsintyget från underbiträdet { $subprocessor } ({ $file }) är alla punkter inte uppfyllda.
    .todo = { $who ->
        [sub-processor] Åtgärda de öppna punkterna och skicka ett nytt raderingsintyg.
       *[other] Be underbiträdet åtgärda de öppna punkterna och skicka ett nytt raderingsintyg.
    }
certificate-other-profile = Raderingsintyget från underbiträdet { $subprocessor } ({ $file }) besvarar andra frågor än dem som hör till ett avtals upphörande.
    .todo = { $who ->
        [sub-processor] Utfärda ett raderingsintyg för avtalets upphörande (profile = "contract-end").
       *[other] Be underbiträdet om ett raderingsintyg för avtalets upphörande (profile = "contract-end").
    }
certificate-other-instruction = Raderingsintyget från underbiträdet { $subprocessor } ({ $file }) hänvisar inte till instruktionen i detta ärende.
    .todo = { $who ->
        [sub-processor] Utfärda ett raderingsintyg som hänvisar till den vidarebefordrade instruktionen.
       *[other] Be underbiträdet om ett raderingsintyg som hänvisar till den vidarebefordrade instruktionen.
    }
certificate-other-party = Raderingsintyget som är angivet för underbiträdet { $subprocessor } ({ $file }) är utfärdat av en annan (nummer { $number }).
    .todo = { $who ->
        [sub-processor] Skicka ert eget raderingsintyg till personuppgiftsbiträdet.
       *[other] Ange rätt raderingsintyg, eller rätta underbiträdets nummer.
    }

## Reparation

repair-incomplete = Uppgifter om reparationen saknas: { $lacks }.
    .todo = Fyll i uppgifterna i [repair].
confidentiality-missing = Någon skriftlig sekretessförbindelse föreligger inte.
    .todo = Inhämta den undertecknade sekretessförbindelsen och ange den under confidentiality i ärendefilen.
confidentiality-too-late = Sekretessförbindelsen är daterad den { $date }, efter att utrustningen hade lämnats till reparatören.
    .todo = Låt reparatören bekräfta att sekretessen även gäller tiden före undertecknandet, och låt den personuppgiftsansvarige bedöma det.
not-erased-no-reason = Post { $item } raderades inte före reparationen, och skälet är inte angivet.
    .todo = Radera posten, eller ange i not_erased_because varför det inte var möjligt.
not-erased-because = Uppgifterna raderades inte före reparationen. Skäl: { $why }
erased-after-hand-over = Post { $item } raderades först den { $date }, efter att utrustningen hade lämnats till reparatören.
    .todo = Ange i not_erased_because varför uppgifterna inte raderades dessförinnan.
medium-removed-unknown = Det är inte angivet om lagringsmediet togs ut före reparationen.
    .todo = Ange medium_removed = true eller false i [repair].
medium-removed = Lagringsmediet togs ut före reparationen.
medium-left = Lagringsmediet satt kvar i utrustningen under reparationen.
not-returned = Utrustningen har ännu inte kommit tillbaka från reparation.
    .todo = Ange dagen (returned) och kvittot (receipt) i [repair] när utrustningen är tillbaka.

## Kassering och avyttring

disposal-missing = Det är inte angivet vad som ska hända med utrustningen.
    .todo = Fyll i [disposal].
advised-against = Kommunen avråder från att sälja eller skänka bort utrustning som har använts för behandling av personuppgifter (bilaga 3, punkt 11).
not-destroyed = Post { $item } är varken förstörd eller avmagnetiserad, trots att förstöring åberopas.
    .todo = Låt förstöra lagringsmediet fysiskt, eller ange en annan grund i limb.
not-sanitized = Post { $item } är varken raderad som åberopat eller förstörd.
    .todo = Radera lagringsmediet, eller låt förstöra det fysiskt.
guarantor-missing = Ingen namngiven person svarar skriftligt för raderingen.
    .todo = Ange vem som svarar för den (guarantor) och den undertecknade garantin (guarantee) i [disposal].

## Uppdragets slut

assignment-missing = Det är inte angivet när och hur uppdraget avslutades.
    .todo = Fyll i [assignment].
nothing-returned = Inget återlämnande är kvitterat.
    .todo = Lämna tillbaka material, utrustning och digitalt lagrad information, och ange kvittona i assignment.returned.
nothing-kept-missing = Det är inte försäkrat att inget har behållits.
    .todo = Underteckna en försäkran om att inget har behållits, och ange den i [assignment.nothing_kept].
approval-missing = Kommunens godkännande av raderingen saknas.
    .todo = { $who ->
        [controller] Godkänn raderingen skriftligt, eller meddela att inget får raderas.
       *[other] Inhämta kommunens skriftliga godkännande och ange det i [assignment.approval].
    }
erased-before-approval = Post { $item } raderades den { $date }, innan kommunen hade godkänt det.
    .todo = { $who ->
        [controller] Ta skriftligt ställning till den tidiga raderingen.
       *[other] Redovisa den tidiga raderingen för kommunen och inhämta dess ställningstagande.
    }
approval-is-policy = Överenskommelsen kräver kommunens godkännande för radering i kommunens IT-miljö. Att det här krävs även för kopior utanför den är vår egen praxis.
days-to-return = Antal dagar från uppdragets slut till det sista återlämnandet: { $days }.

## Fem förhållanden som en person avgör

regions-unknown = Områden som inte kan nås utifrån är inte dokumenterat raderade av lagringsmediet självt, eller så kunde dolda områden inte uteslutas: { $items }.
regions-reached = De raderade lagringsmedierna utförde själva raderingen, och inga dolda områden hittades.
levels-reached = Varje post med ett raderingsprotokoll nådde minst den nivå som dess uppgifter kräver.
levels-not-reached = Dessa poster nådde inte den nivå som deras uppgifter kräver: { $items }.
nothing-measured = Inget är mätt: ingen post är raderad med ett raderingsprotokoll som kan läggas till grund.
same-person = Utförare och kontrollant är samma person, eller så är någon av dem inte namngiven.
people-unknown = Om personerna är kvalificerade och verktygen kalibrerade kan ett program inte veta.
minimum-unknown = Organisationens eget minimikrav för radering är inte angivet.
scope-over-provisioned = Flashminne skrevs över utifrån; reservblock nås inte på det sättet: { $items }.
scope-partial = Bara en del raderades, eller så är mediet virtuellt: { $items }.
scope-whole = Raderingarna omfattade hela lagringsmedier.
