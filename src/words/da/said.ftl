# Sletterapportens sætninger. Engelsk står i src/outcome; det er det, der er underskrevet. Andres egne ord står i »anførselstegn«.

## Udfald

verdict-sanitized = Slettet: { $reason }.
verdict-sanitized-with-exceptions = Slettet med undtagelser: { $reason }.
verdict-content-unknown = Hvad disse blokke indeholder, vides ikke; det kan være gamle data.
verdict-nothing-for-all = Intet gøres gældende for lagringsmediet som helhed.
verdict-unverified = Ikke verificeret: { $reason }.
verdict-nothing-claimed = Intet gøres gældende.
verdict-failed = Mislykket: { $reason }.
verdict-still-holds = Det, der skulle slettes, er ikke slettet; behandl det som noget, der stadig indeholder data.
verdict-interrupted = Afbrudt: { $reason }.
verdict-can-go-on = Det, der skulle slettes, er ikke slettet; `radera resume` kan fortsætte.

## Hvad der gøres gældende, og hvad der ikke gør

claim-nothing = Intet kan gøres gældende.
claim-purge = Gøres gældende: Purge af hele lagringsmediet ved { $technique }.
claim-on-its-word = For reserveområder, omadresserede, overprovisionerede og skjulte områder hviler dette på drevets egen melding om, at kommandoen er udført.
claim-clear = Gøres gældende: Clear af hele lagringsmediet, på niveauet for de blokke, som en bruger kan adressere; Clear er ikke Purge.
claim-partial-of-medium = Gøres gældende: delvis Clear, af de blokke, som lagringsmediet lader værtscomputeren adressere.
claim-partial-of-namespace = Gøres gældende: delvis Clear, alene af dette navneområde (namespace) eller brugerområde; om lagringsmediet har andre navneområder eller områder, er ikke undersøgt, og der siges intet om dem.
claim-partial-of-partition = Gøres gældende: delvis Clear, alene af denne partition; resten af lagringsmediet er ikke berørt, og der siges intet om den.
claim-clear-is-not-purge = Clear er ikke Purge.
claim-logical-of-partition = Gøres gældende: logisk overskrivning af denne partition.
claim-logical-of-device = Gøres gældende: logisk overskrivning af den angivne enhed.
claim-no-complement = NIST SP 800-88 Rev. 1 kræver et mønster og dets komplement på et lagringsmedium af denne art; det blev ikke skrevet, og derfor gøres Clear ikke gældende.
claim-layers-below = Der er lag mellem den og ethvert lagringsmedium ({ $layers }): Hvor de har kopier, øjebliksbilleder eller reserveblokke, blev disse ikke nået, og der siges intet om de underliggende medier.
claim-hidden-not-reached = Drevet skjuler { $hidden } bytes for værtscomputeren (HPA, DCO eller højeste tilgængelige adresse): De blev ikke nået.
claim-hidden-not-examined = Skjulte områder (HPA, DCO, højeste tilgængelige adresse) blev ikke undersøgt, eller ikke alle kunne undersøges: Om der er nogen, vides ikke.
claim-spare-not-reached = Reserveblokke, omadresserede blokke og overprovisionerede blokke kan ikke nås ved overskrivning.
claim-attested = At alle data altid var krypteret med de nøgler, der blev ødelagt, er operatørens erklæring og ikke drevets ord.
claim-hidden-not-read = Drevet skjuler { $hidden } bytes for værtscomputeren: De kunne ikke læses tilbage.
claim-hidden-unknown = Om drevet skjuler mere for værtscomputeren (HPA, DCO eller højeste tilgængelige adresse), kunne ikke klarlægges; hvad der er skjult, er ikke læst tilbage.
claim-untested = Kommandoer af denne art er med denne version kun prøvet på emulerede drev: De er ikke afprøvet på fysisk udstyr.

## Standarder

standard-rev2-overwrite = NIST SP 800-88 Rev. 2 (september 2025): bedømt som Clear, ved overskrivning; verifikation ved tilbagelæsning; validering er en persons afgørelse og indgår ikke i denne sletterapport
standard-rev1-overwrite = NIST SP 800-88 Rev. 1 (december 2014), appendiks A: bedømt som Clear, mindst ét gennemløb
standard-rev1-complement = NIST SP 800-88 Rev. 1 (december 2014), appendiks A: bedømt som Clear af USB-flash og hukommelseskort, et mønster og dets komplement
standard-scheme = »{ $scheme }« (ældre skema; NIST-niveau: Clear)
standard-rev2-purge = NIST SP 800-88 Rev. 2 (september 2025), som henviser til IEEE 2883-2022: { $technique } regnes som Purge på dette lagringsmedium; validering er en persons afgørelse og indgår ikke i denne sletterapport
standard-rev2-clear = NIST SP 800-88 Rev. 2 (september 2025), som henviser til IEEE 2883-2022: { $technique } regnes som Clear på dette lagringsmedium; validering er en persons afgørelse og indgår ikke i denne sletterapport
standard-rev2-nothing = NIST SP 800-88 Rev. 2 (september 2025), som henviser til IEEE 2883-2022: { $technique } regnes ikke med på dette lagringsmedium; validering er en persons afgørelse og indgår ikke i denne sletterapport
standard-rev1-purge = NIST SP 800-88 Rev. 1 (december 2014), appendiks A: { $technique } regnes som Purge på dette lagringsmedium
standard-rev1-clear = NIST SP 800-88 Rev. 1 (december 2014), appendiks A: { $technique } regnes som Clear på dette lagringsmedium
standard-rev1-nothing = NIST SP 800-88 Rev. 1 (december 2014), appendiks A: { $technique } er ikke opført for dette lagringsmedium eller er yngre end denne udgave

## Tilbagelæsning

readback-not-asked-for = Ikke verificeret: Der blev ikke bedt om tilbagelæsning.
readback-not-done = Ikke verificeret: Den tilbagelæsning, der blev bedt om, blev ikke udført.
readback-cut-short = Tilbagelæsningen blev ikke ført til ende: { $read } af { $planned } bytes blev læst uden om styresystemets sidecache og sammenlignet.
readback-rest-unknown = Om resten vides intet.
readback-differed = { $blocks ->
    [1] { $blocks } logisk blok afveg fra det, der blev skrevet.
   *[other] { $blocks } logiske blokke afveg fra det, der blev skrevet.
}
readback-unreadable = { $blocks ->
    [1] { $blocks } logisk blok kunne ikke læses: Om dens indhold vides intet.
   *[other] { $blocks } logiske blokke kunne ikke læses: Om deres indhold vides intet.
}
readback-no-residue = Ingen rester i { $read } af { $cells } celler, læst uden om styresystemets sidecache.
readback-no-residue-drawn = Ingen rester i { $read } af { $cells } celler, der er udtrukket med startværdien { $seed } og læst uden om styresystemets sidecache.
readback-cells-read = { $read } af { $cells } celler blev læst uden om styresystemets sidecache.
readback-cells-read-drawn = { $read } af { $cells } celler, udtrukket med startværdien { $seed }, blev læst uden om styresystemets sidecache.
readback-sample-read = En stikprøve på { $read } bytes blev læst uden om styresystemets sidecache.
readback-sample-read-drawn = En stikprøve på { $read } bytes, udtrukket med startværdien { $seed }, blev læst uden om styresystemets sidecache.
readback-bound = Med 95 % konfidens afveg højst { $most95 } celler, med 99 % højst { $most99 }, i det område, som værtscomputeren kan adressere, fra den forventede tilstand.
readback-bound-of-readable = Med 95 % konfidens afveg højst { $most95 } celler, med 99 % højst { $most99 }, blandt dem, der kan læses i det område, som værtscomputeren kan adressere, fra den forventede tilstand.
readback-too-small = Det, der skulle slettes, er for lille til en stikprøve, og derfor blev det hele læst.
readback-all-equal = Hver byte af det, der skulle slettes, blev læst uden om styresystemets sidecache og er lig med det, der blev skrevet.
readback-all-to-be-read = Alt det, der skulle slettes, skulle læses uden om styresystemets sidecache.
readback-others-equal = Hver anden byte er lig med det, der blev skrevet.
readback-beyond = Dette siger intet om reserveområder, omadresserede eller overprovisionerede områder, og heller ikke om, hvad drevets egen cache svarede.
readback-layered = Der er lag under denne enhed: De kan have svaret fra egne cacher.

## Mærkede og sammenlignede blokke

marks-marked = { $written } blokke på steder, som ingen kunne forudse, blev mærket før sletningen; efter den har { $gone } et andet indhold, { $survived } har stadig deres mærke, { $unreadable } kunne ikke læses.
marks-compared = Yderligere { $read } blev sammenlignet med det, de indeholdt før: { $changed } er ændret, { $same } er uændret, { $unreadable } kunne ikke læses, { $blank } var tomme og siger intet.
marks-not-compared = Hvad andre blokke indeholdt før, kunne ikke sammenlignes.
marks-pattern = Sammenholdt med det, som drevet fik besked på at skrive:
marks-uniform = Hver mærket blok læses nu som { $byte }, og det var forventet af de øvrige.
marks-uniform-unsaid = Hver mærket blok læses nu ens, uden at det er angivet som hvad, og det var forventet af de øvrige.
marks-unmapped = Et drev kan svare sådan for blokke, som det ikke længere har tildelt plads, uden at læse, hvad dets celler indeholder.
marks-only-difference = Hvad denne sletning efterlader, kan ikke forudses, og derfor kan kun en forskel påvises.
marks-bound = Med 95 % konfidens blev højst { $most95 } og med 99 % højst { $most99 } milliontedele af de adresserbare blokke efterladt, som de var.
marks-proves-nothing = Blokke er deallokeret eller skal skrives, før de kan læses: Det, som læsning giver, er ikke det, som lagringsmediet indeholder, og beviser intet.

## Begrundelser

reason-stopped = Stoppet før afslutningen (»{ $cause }«)
reason-stopped-goes-on = Stoppet før afslutningen (»{ $cause }«); drevet sletter videre af sig selv, og det kan ikke standses
reason-not-followed = Sletningen kunne ikke følges til ende (»{ $detail }«); hvad drevet gjorde, vides ikke
reason-medium-lost = Lagringsmediet gik tabt: »{ $detail }«; dets tilstand er ukendt
reason-gave-up = Arbejdet blev opgivet. Værktøjets egen begrundelse, på engelsk: »{ $detail }«

reason-verified = Hvert planlagt gennemløb er udført og verificeret
reason-sample-verified = Hvert planlagt gennemløb er udført, og en stikprøve af det er verificeret
reason-with-exceptions = Udført, med undtagelser: { $unwritten } bytes kunne ikke skrives, og { $unread } bytes kunne ikke læses tilbage
reason-not-verified = Overskrevet, og ikke verificeret, fordi der blev bedt om det sådan
reason-too-much-lost = For meget af det, der skulle slettes, kunne ikke behandles: { $unwritten } bytes kunne ikke skrives, og { $unread } bytes kunne ikke læses tilbage
reason-only-clear = Værtscomputerens overskrivning bedømmes efter, hvad der er skrevet og læst tilbage, og kun som Clear
reason-scope-empty = Det, der er angivet til sletning, er tomt
reason-too-many-bad = Der er flere fejlbehæftede områder, end der kan opføres
reason-bad-outside = Et fejlbehæftet område ligger uden for det, der skulle slettes
reason-bad-of-no-phase = Et fejlbehæftet område hører til en fase, der ikke har været
reason-pass-missing = Ikke alle planlagte gennemløb er udført
reason-pass-cut-short = Ikke alle planlagte gennemløb er ført til ende
reason-pass-not-adding-up = De bytes, som et gennemløb skrev, og dets fejlbehæftede områder giver ikke tilsammen det, der skulle slettes

reason-not-read-back = Den verifikation, der blev bedt om, er ikke udført
reason-other-verification = Der er udført en anden verifikation end den, der blev bedt om
reason-verification-cut-short = Verifikationen blev ikke ført til ende
reason-verification-in-part = Den fulde verifikation dækkede ikke det, der skulle slettes
reason-sample-too-small = Stikprøven var for lille, eller den kan ikke udtrækkes igen
reason-found-by-none = En verifikation, der ikke er udført, har fundet noget
reason-other-bytes = Tilbagelæsningen gav andre bytes end dem, der blev skrevet
reason-counts-disagree = Verifikationens tal og de fejlbehæftede områder stemmer ikke overens
reason-read-not-adding-up = Verifikationen læste et andet antal bytes end planlagt, og intet gør rede for det
reason-too-much-unread = For meget af det, der skulle slettes, kunne ikke læses tilbage

reason-no-command = Der blev ikke sendt nogen kommando til drevet
reason-other-command = Den kommando, der blev sendt, hører ikke til teknikken
reason-not-all-of-it = En sletning, som drevet selv udfører, når hele drevet, og noget andet var angivet
reason-not-counted = { $technique } regnes ikke som { $method } på dette lagringsmedium
reason-keys-of-unknown = Nøgler blev ødelagt, og ingen siger, at alle data altid var krypteret med dem

reason-rejected = Drevet afviste kommandoen og ændrede intet ved den: »{ $detail }«
reason-frozen = Drevet er låst mod sanitize-kommandoer (frozen) og afviste kommandoen af den grund
reason-not-sent = Kommandoen nåede aldrig frem til drevet: »{ $detail }«
reason-unclear = Drevets svar siger ikke, om det begyndte sletningen (»{ $detail }«), og intet af det, drevet siden har vist, siger, at det hører til denne kommando; hvad drevet gjorde, vides ikke
reason-not-accepted = Det vides ikke, om drevet accepterede kommandoen; hvad drevet gjorde, vides ikke
reason-not-seen-running = Drevet melder, at det lykkedes, uden at være set i gang; hvad drevet gjorde, vides ikke
reason-not-credible = Drevet meldte straks, at det lykkedes, og intet af det, drevet siger om sig selv, gør det troværdigt
reason-deallocated-and-read = Drevet deallokerede sine blokke, og de blev læst, som om det beviste noget
reason-erase-failed = Sletningen mislykkedes: »{ $detail }«
reason-stalled = Sletningen har stået stille i { $seconds } sekunder
reason-stale = Drevet viser et vellykket udfald, som kan stamme fra en ældre sletning; sletningen er ikke set i gang
reason-foreign = Drevet viser et vellykket udfald af en anden kommando end vores
reason-not-run = Drevet accepterede kommandoen og viser intet spor af den; hvad drevet gjorde, vides ikke
reason-broken-chain = Drevet blev nulstillet undervejs (»{ $resets }«) og er ikke set i gang siden; hvad drevet gjorde, vides ikke
reason-left-running = Stoppet af »{ $cause }«; drevet sletter videre af sig selv, og det kan ikke standses

reason-erased = Drevet accepterede { $technique }, meldte, at det lykkedes, og indholdet af hver mærket blok er borte
reason-erased-at-once = Drevet accepterede { $technique }, meldte allerede ved første forespørgsel, at det lykkedes, og indholdet af hver mærket blok er borte
reason-blocks-lost = Drevet melder, at sletningen lykkedes, og { $lost } af de undersøgte blokke kunne ikke læses tilbage
reason-none-marked = Ingen blok blev mærket før sletningen, så dens virkning kan ikke ses
reason-marks-survived = Drevet melder, at sletningen lykkedes, og { $survived } af { $written } blokke, der blev mærket før, indeholder stadig det, der blev skrevet
reason-same-as-before = Drevet melder, at sletningen lykkedes, og { $same ->
    [1] { $same } blok indeholder stadig det, den indeholdt før
   *[other] { $same } blokke indeholder stadig det, de indeholdt før
}
reason-reads-not-asked-for = Drevet melder, at sletningen lykkedes; bortset fra de mærkede blokke er intet læst tilbage, fordi der blev bedt om det sådan
reason-reads-prove-nothing = Drevet melder, at sletningen lykkedes, og det, som læsning af dets blokke giver, beviser intet: De blev deallokeret eller skal skrives, før de kan læses
reason-no-mark-taken = Drevet melder, at sletningen lykkedes; det tog ikke imod nogen mærket blok før (det var i fejltilstand eller i stykker), så virkningen kan ikke ses. En ny sletning kan vise den
reason-not-compared = Drevet melder, at sletningen lykkedes, og indholdet af hver mærket blok er borte; hvad drevet indeholdt før, kunne ikke sammenlignes, da den session, der læste det, blev afbrudt
reason-read-before-missing = Der er ikke gjort rede for alle de blokke, der blev læst før
reason-marked-missing = Der er ikke gjort rede for alle de blokke, der blev mærket
reason-compared-missing = Der er ikke gjort rede for de blokke, der skulle sammenlignes
reason-too-few-compared = Drevet melder, at sletningen lykkedes; for få blokke tog imod et mærke eller indeholdt noget før, så for lidt kan sammenlignes
reason-only-a-sample = Drevet melder, at sletningen lykkedes; der blev bedt om fuld tilbagelæsning, og hvad denne sletning efterlader, kan ikke forudses, så kun en stikprøve kunne sammenlignes
reason-others-in-samples = Drevet melder, at sletningen lykkedes; der blev bedt om fuld tilbagelæsning, og drevets andre enheder blev kun undersøgt i stikprøver
reason-expected-unclear = Hvad der var forventet af blokkene, er ikke angivet, eller det er angivet, hvor intet forventes

## Hvad der nu kan gøres

way-out-no-proof = Skal det bevises ved læsning, så slet drevet igen med en anden teknik, som `radera plan` tilbyder, eller destruer det.
way-out-not-borne-out = Slet drevet igen, med en anden teknik, hvis `radera plan` tilbyder en; bliver udfaldet det samme, så destruer det.
way-out-format-failed = Slet drevet igen, med en sanitize-kommando, hvis `radera plan` tilbyder en; mislykkes den også, så destruer det.
way-out-erase-failed = Giver drevet ingen data fra sig nu, ændrer kun en sanitize-kommando, der lykkes, det: Slet det igen; mislykkes også det, eller bliver der sektorer tilbage, så destruer det.
way-out-stalled = Sletningen kan ikke standses og kommer måske videre: Lad strømmen være tilsluttet, og se igen med `radera show`. Når den ikke længere er i gang, så slet drevet igen; kommer den aldrig videre, så destruer drevet.
way-out-stale = Slet drevet igen, med en teknik, der tager længere tid, hvis `radera plan` tilbyder en, så sletningen ses i gang; er der ingen, så destruer drevet.
way-out-foreign = Sørg for, at intet andet program og ingen anden værtscomputer bruger drevet, og slet det så igen; viser det det samme endnu en gang, så destruer det.
way-out-not-run = Sletningen kan begynde sent eller være i gang uset: Lad strømmen være tilsluttet, se efter med `radera show`, til intet er i gang, og slet så drevet igen; viser det endnu en gang intet spor, så destruer det.
way-out-broken-chain = Sørg for, at strøm og kabel holder, og slet så drevet igen.
way-out-rejected = Fjern det, der står i vejen (en adgangskode, skrivebeskyttelse, en reservation, en anden sletning), eller brug en anden teknik, som `radera plan` tilbyder; destruer ellers drevet.
way-out-frozen = Maskinens firmware låser drev, når den starter: Sæt maskinen i slumretilstand, og væk den, eller tag strømmen fra drevet, og giv det den igen, mens maskinen kører, og slet det så igen.
way-out-not-sent = Bring det i orden, der holdt kommandoen fra drevet, og slet så drevet igen.
way-out-unclear = Se med `radera show`, om drevet sletter, og vent, til det er slut; slet det så igen, med en anden teknik, hvis `radera plan` tilbyder en. Bliver svaret det samme, så destruer det.
way-out-format-unknown = Sørg for, at drevet er tilsluttet og har strøm, og kør `radera resume`; en formatering overlever ikke, at strømmen forsvinder.
way-out-erase-unknown = Sørg for, at drevet er tilsluttet og har strøm, og kør `radera resume`: En sanitize-kommando kører videre af sig selv, og der ses efter den. Kan den aldrig følges, så destruer drevet.
way-out-format-left = Lad strømmen være tilsluttet, og kør `radera resume`, når formateringen er forbi: Hvordan en formatering ender, får kun den session at vide, der sendte den, så den skal sendes på ny.
way-out-erase-left = Lad strømmen være tilsluttet, og lad `radera resume` følge sletningen til ende.

## Filer

files-partial = { $files ->
    [1] Gøres gældende: delvis Clear, på niveau med logiske blokadresser (LBA), af de blokke, der indeholdt { $files } fils indhold.
   *[other] Gøres gældende: delvis Clear, på niveau med logiske blokadresser (LBA), af de blokke, der indeholdt { $files } filers indhold.
}
files-logical = { $files ->
    [1] Gøres gældende: logisk overskrivning, på niveau med logiske blokadresser (LBA), af de blokke, der indeholdt { $files } fils indhold, på den enhed, som filsystemet ligger på.
   *[other] Gøres gældende: logisk overskrivning, på niveau med logiske blokadresser (LBA), af de blokke, der indeholdt { $files } filers indhold, på den enhed, som filsystemet ligger på.
}
files-partial-of-free-space = Gøres gældende: delvis Clear, på niveau med logiske blokadresser (LBA), af { $bytes } bytes i blokke, der ikke hørte til nogen fil.
files-logical-of-free-space = Gøres gældende: logisk overskrivning, på niveau med logiske blokadresser (LBA), af { $bytes } bytes i blokke, der ikke hørte til nogen fil, på den enhed, som filsystemet ligger på.
files-mapped = Hvilke blokke det er, hviler på filsystemets egen oplysning.
files-not-covered = Ikke omfattet er navne, tidligere versioner, kopier andre steder og resten af lagringsmediet: Der siges intet om dem.
files-fill-not-covered = Ikke omfattet er blokke, som ikke nås ved at fylde filsystemet, det, som dets filer indeholder, og resten af lagringsmediet: Der siges intet om dem.
files-redirected = Et lag nedenunder kan skrive et andet sted end det, der bliver bedt om, eller det kan ikke vides, hvad der ligger nedenunder: Det, der blev overskrevet, behøver ikke at være der, hvor indholdet var.
files-kept = Filerne selv bliver liggende: Det er der bedt om.
files-left-alone = FIFO'er, sockets og enhedsfiler, der ikke er rørt: { $left }.

## Hvad der er tilbage af filer

residue-content = Der er indhold tilbage i filernes egne blokke.
residue-content-possible = Der kan være indhold tilbage i filernes egne blokke.
residue-snapshots = Der er indhold tilbage i et øjebliksbillede (snapshot), som beholder blokkene, som de var.
residue-snapshots-possible = Der kan være indhold tilbage i øjebliksbilleder (snapshots), som beholder blokkene, som de var: Om der er nogen, kunne ikke klarlægges.
residue-shared-extents = Der er indhold tilbage i blokke, som andre filer deler.
residue-shared-extents-possible = Der kan være indhold tilbage i blokke, som andre filer deler: Om nogen er delt, kunne ikke klarlægges.
residue-inline-data = Der er indhold tilbage i filsystemets metadata, hvor små filers indhold ligger.
residue-inline-data-possible = Der kan være indhold tilbage i filsystemets metadata, hvor små filers indhold kan ligge.
residue-journal = Der er indhold tilbage i filsystemets journal.
residue-journal-possible = Der kan være indhold tilbage i filsystemets journal.
residue-xattrs = Filernes udvidede attributter er tilbage i filsystemets blokke.
residue-xattrs-possible = Filernes udvidede attributter kan være tilbage i filsystemets blokke.
residue-lower-layers = Der er indhold tilbage i et lag under det filsystem, der er angivet.
residue-lower-layers-possible = Der kan være indhold tilbage i et lag under det filsystem, der er angivet.
residue-swap = Der er indhold tilbage i swapområdet.
residue-swap-possible = Indhold, som programmer havde i hukommelsen, kan være tilbage i swapområdet.
residue-older-versions = Tidligere versioner af filerne er tilbage i blokke, der blev frigivet før.
residue-older-versions-possible = Tidligere versioner af filerne kan være tilbage i blokke, der blev frigivet før.
residue-free-space = Der er frie blokke, som ikke kunne nås: dem, som filsystemet holder tilbage til sig selv, og enderne af dets egne strukturer.
residue-free-space-possible = Der kan være frie blokke, som ikke kunne nås: dem, som filsystemet holder tilbage til sig selv, og enderne af dets egne strukturer.
residue-flash-remaps = Ældre kopier af blokke er tilbage i celler, som drevet holder for sig selv.
residue-flash-remaps-possible = Ældre kopier af blokke kan være tilbage i celler, som drevet holder for sig selv: Flash skriver hver blok et nyt sted, og ethvert drev erstatter blokke, der er blevet dårlige.
residue-names = Navne på filer og mapper er tilbage i mapper eller i filsystemets journal.
residue-names-possible = Navne på filer og mapper kan være tilbage i mapper eller i filsystemets journal.
reason-files-cleared = { $files ->
    [1] hver blok, som filsystemet angav for { $files } fils indhold ({ $extents } extents, { $bytes } bytes), er overskrevet på stedet og læst tilbage fra enheden, som den blev skrevet
   *[other] hver blok, som filsystemet angav for { $files } filers indhold ({ $extents } extents, { $bytes } bytes), er overskrevet på stedet og læst tilbage fra enheden, som den blev skrevet
}
reason-files-empty = { $files ->
    [1] der var intet at overskrive: { $files } fil uden en blok med indhold
   *[other] der var intet at overskrive: { $files } filer uden en blok med indhold
}
reason-files-none = der var intet at overskrive: ingen fil blev fundet
reason-free-space-cleared = blokke, der ikke hørte til nogen fil ({ $extents } extents, { $bytes } bytes), er overskrevet ved at fylde filsystemet og læst tilbage fra enheden, som de blev skrevet
reason-free-space-none = ingen blok blev nået ved at fylde filsystemet
reason-files-leave = { $files ->
    [1] { $files } fils blokke er overskrevet på stedet og læst tilbage, som de blev skrevet, og det vides, at der er indhold tilbage andre steder
   *[other] { $files } filers blokke er overskrevet på stedet og læst tilbage, som de blev skrevet, og det vides, at der er indhold tilbage andre steder
}
reason-files-unverified = { $files ->
    [1] af { $files } fil, slettet og verificeret: { $cleared }; overskrevet og ikke verificeret: { $overwritten }; trimmet og ikke overskrevet: { $trimmed }
   *[other] af { $files } filer, slettet og verificeret: { $cleared }; overskrevet og ikke verificeret: { $overwritten }; trimmet og ikke overskrevet: { $trimmed }
}
reason-files-not-cleared = { $files ->
    [1] af { $files } fil, ikke slettet: { $left }
   *[other] af { $files } filer, ikke slettet: { $left }
}
reason-files-unsaid = der er angivet filer, og der siges intet om dem
reason-files-of-other = det, der fortælles om filer, fortælles om noget andet, der er angivet
reason-files-not-counted = ikke hver fil har fået én afgørelse
reason-extents-not-adding-up = filernes blokke passer ikke sammen eller er flere, end enheden har
reason-trims-not-adding-up = det, der siges at være trimmet, er ikke det, som trinnene trimmede
reason-residue-not-adding-up = det, der er tilbage, fortælles to gange eller om flere filer, end der er
reason-kept-and-removed = filer, der skulle blive liggende, siges at være fjernet
reason-files-still-there = ikke hver fil er fjernet
reason-files-trouble = blokke kunne ikke skrives eller læses eller afviger, og ingen fil siges at indeholde dem
reason-files-sampled = filer læses tilbage i deres helhed eller slet ikke
reason-cleared-though-redirected = filer kaldes slettet, og et lag nedenunder kan skrive et andet sted end det, der bliver bedt om
reason-cleared-unmapped = filer kaldes slettet, og det vides ikke, hvilke blokke der indeholdt dem
reason-cleared-though-kept = filer kaldes slettet, og det vides, at deres indhold er bevaret i andre blokke
reason-cleared-unread = filer kaldes slettet, og ikke hver af deres blokke er læst tilbage
readback-nothing-to-read = Ingen blok blev overskrevet, og derfor var der intet at læse tilbage.
way-out-files-again = Ret det, der forhindrede overskrivningen, og slet dem igen; eller slet hele den enhed, som filsystemet ligger på.
way-out-files-whole = Skal det bevises, så slet hele den enhed, som filsystemet ligger på, og det, der ligger under den.
