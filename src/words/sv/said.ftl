# Raderingsprotokollets meningar. Engelskan står i src/outcome; det är den som är undertecknad. Andras egna ord står inom ”citattecken”.

## Utfall

verdict-sanitized = Raderad: { $reason }.
verdict-sanitized-with-exceptions = Raderad med undantag: { $reason }.
verdict-content-unknown = Vad dessa block innehåller är inte känt; det kan vara gamla data.
verdict-nothing-for-all = Inget görs gällande för lagringsmediet som helhet.
verdict-unverified = Ej verifierad: { $reason }.
verdict-nothing-claimed = Inget görs gällande.
verdict-failed = Misslyckad: { $reason }.
verdict-still-holds = Det som skulle raderas är inte raderat; behandla det som något som fortfarande innehåller data.
verdict-interrupted = Avbruten: { $reason }.
verdict-can-go-on = Det som skulle raderas är inte raderat; `radera resume` kan fortsätta.

## Vad som görs gällande, och vad som inte gör det

claim-nothing = Inget kan göras gällande.
claim-purge = Görs gällande: Purge av hela lagringsmediet genom { $technique }.
claim-on-its-word = För reservområden, omadresserade, överprovisionerade och dolda områden vilar detta på lagringsenhetens egen uppgift om att kommandot är utfört.
claim-clear = Görs gällande: Clear av hela lagringsmediet, på nivån för de block som en användare kan adressera; Clear är inte Purge.
claim-partial-of-medium = Görs gällande: partiell Clear, av de block som lagringsmediet låter värddatorn adressera.
claim-partial-of-namespace = Görs gällande: partiell Clear, enbart av denna namnrymd (namespace) eller detta användarområde; om lagringsmediet har andra namnrymder eller områden är inte undersökt, och inget sägs om dem.
claim-partial-of-partition = Görs gällande: partiell Clear, enbart av denna partition; resten av lagringsmediet har inte berörts och inget sägs om den.
claim-clear-is-not-purge = Clear är inte Purge.
claim-logical-of-partition = Görs gällande: logisk överskrivning av denna partition.
claim-logical-of-device = Görs gällande: logisk överskrivning av den angivna enheten.
claim-no-complement = NIST SP 800-88 Rev. 1 kräver ett mönster och dess komplement på ett lagringsmedium av detta slag; det skrevs inte, och därför görs Clear inte gällande.
claim-layers-below = Det finns skikt mellan den och varje lagringsmedium ({ $layers }): Där de har kopior, ögonblicksbilder eller reservblock nåddes dessa inte, och inget sägs om de underliggande medierna.
claim-hidden-not-reached = Lagringsenheten döljer { $hidden } byte för värddatorn (HPA, DCO eller högsta åtkomliga adress): De nåddes inte.
claim-hidden-not-examined = Dolda områden (HPA, DCO, högsta åtkomliga adress) undersöktes inte, eller så kunde inte alla undersökas: Om det finns några är inte känt.
claim-spare-not-reached = Reservblock, omadresserade block och överprovisionerade block kan inte nås genom överskrivning.
claim-attested = Att alla data alltid var krypterade med de nycklar som förstördes är operatörens försäkran och inte lagringsenhetens ord.
claim-hidden-not-read = Lagringsenheten döljer { $hidden } byte för värddatorn: De kunde inte läsas tillbaka.
claim-hidden-unknown = Om lagringsenheten döljer mer för värddatorn (HPA, DCO eller högsta åtkomliga adress) kunde inte klarläggas; det som är dolt har inte lästs tillbaka.
claim-untested = Kommandon av detta slag har med denna version bara prövats på emulerade lagringsenheter: De är inte prövade på fysisk utrustning.

## Standarder

standard-rev2-overwrite = NIST SP 800-88 Rev. 2 (september 2025): bedömt som Clear, genom överskrivning; verifiering genom återläsning; validering är en persons beslut och ingår inte i detta raderingsprotokoll
standard-rev1-overwrite = NIST SP 800-88 Rev. 1 (december 2014), appendix A: bedömt som Clear, minst en överskrivningsomgång
standard-rev1-complement = NIST SP 800-88 Rev. 1 (december 2014), appendix A: bedömt som Clear av USB-flash och minneskort, ett mönster och dess komplement
standard-scheme = ”{ $scheme }” (äldre schema; NIST-nivå: Clear)
standard-rev2-purge = NIST SP 800-88 Rev. 2 (september 2025), som hänvisar till IEEE 2883-2022: { $technique } räknas som Purge på detta lagringsmedium; validering är en persons beslut och ingår inte i detta raderingsprotokoll
standard-rev2-clear = NIST SP 800-88 Rev. 2 (september 2025), som hänvisar till IEEE 2883-2022: { $technique } räknas som Clear på detta lagringsmedium; validering är en persons beslut och ingår inte i detta raderingsprotokoll
standard-rev2-nothing = NIST SP 800-88 Rev. 2 (september 2025), som hänvisar till IEEE 2883-2022: { $technique } räknas inte på detta lagringsmedium; validering är en persons beslut och ingår inte i detta raderingsprotokoll
standard-rev1-purge = NIST SP 800-88 Rev. 1 (december 2014), appendix A: { $technique } räknas som Purge på detta lagringsmedium
standard-rev1-clear = NIST SP 800-88 Rev. 1 (december 2014), appendix A: { $technique } räknas som Clear på detta lagringsmedium
standard-rev1-nothing = NIST SP 800-88 Rev. 1 (december 2014), appendix A: { $technique } är inte upptagen för detta lagringsmedium eller är yngre än denna utgåva

## Återläsning

readback-not-asked-for = Ej verifierad: Ingen återläsning begärdes.
readback-not-done = Ej verifierad: Den återläsning som begärdes utfördes inte.
readback-cut-short = Återläsningen fördes inte till slut: { $read } av { $planned } byte lästes förbi operativsystemets sidcache och jämfördes.
readback-rest-unknown = Om resten är inget känt.
readback-differed = { $blocks ->
    [1] { $blocks } logiskt block avvek från det som skrevs.
   *[other] { $blocks } logiska block avvek från det som skrevs.
}
readback-unreadable = { $blocks ->
    [1] { $blocks } logiskt block kunde inte läsas: Om dess innehåll är inget känt.
   *[other] { $blocks } logiska block kunde inte läsas: Om deras innehåll är inget känt.
}
readback-no-residue = Inga rester i { $read } av { $cells } celler, lästa förbi operativsystemets sidcache.
readback-no-residue-drawn = Inga rester i { $read } av { $cells } celler, dragna med startvärdet { $seed } och lästa förbi operativsystemets sidcache.
readback-cells-read = { $read } av { $cells } celler lästes förbi operativsystemets sidcache.
readback-cells-read-drawn = { $read } av { $cells } celler, dragna med startvärdet { $seed }, lästes förbi operativsystemets sidcache.
readback-sample-read = Ett stickprov om { $read } byte lästes förbi operativsystemets sidcache.
readback-sample-read-drawn = Ett stickprov om { $read } byte, draget med startvärdet { $seed }, lästes förbi operativsystemets sidcache.
readback-bound = Med 95 % konfidens avvek högst { $most95 } celler, med 99 % högst { $most99 }, i det område som värddatorn kan adressera, från det förväntade tillståndet.
readback-bound-of-readable = Med 95 % konfidens avvek högst { $most95 } celler, med 99 % högst { $most99 }, bland dem som kan läsas i det område som värddatorn kan adressera, från det förväntade tillståndet.
readback-too-small = Det som skulle raderas är för litet för ett stickprov, och därför lästes allt.
readback-all-equal = Varje byte av det som skulle raderas lästes förbi operativsystemets sidcache och är lika med det som skrevs.
readback-all-to-be-read = Allt som skulle raderas skulle läsas förbi operativsystemets sidcache.
readback-others-equal = Varje annan byte är lika med det som skrevs.
readback-beyond = Detta säger inget om reservområden, omadresserade eller överprovisionerade områden, och inte heller om vad lagringsenhetens egen cache svarade.
readback-layered = Det finns skikt under denna enhet: De kan ha svarat från egna cacheminnen.

## Märkta och jämförda block

marks-marked = { $written } block på ställen som ingen kunde förutse märktes före raderingen; efter den har { $gone } ett annat innehåll, { $survived } har kvar sitt märke, { $unreadable } kunde inte läsas.
marks-compared = Ytterligare { $read } jämfördes med vad de innehöll tidigare: { $changed } har ändrats, { $same } är oförändrade, { $unreadable } kunde inte läsas, { $blank } var tomma och säger inget.
marks-not-compared = Vad andra block innehöll tidigare kunde inte jämföras.
marks-pattern = Ställt mot det som lagringsenheten fick besked om att skriva:
marks-uniform = Varje märkt block läses nu som { $byte }, och det var förväntat av de övriga.
marks-uniform-unsaid = Varje märkt block läses nu lika, utan att det anges som vad, och det var förväntat av de övriga.
marks-unmapped = En lagringsenhet kan svara så för block som den inte längre har tilldelat plats, utan att läsa vad dess celler innehåller.
marks-only-difference = Vad denna radering lämnar efter sig kan inte förutses, och därför kan bara en skillnad påvisas.
marks-bound = Med 95 % konfidens lämnades högst { $most95 } och med 99 % högst { $most99 } miljondelar av de adresserbara blocken som de var.
marks-proves-nothing = Block är avallokerade eller måste skrivas innan de kan läsas: Det som läsningen ger är inte det som lagringsmediet innehåller, och bevisar inget.

## Skäl

reason-stopped = Stoppad före slutet (”{ $cause }”)
reason-stopped-goes-on = Stoppad före slutet (”{ $cause }”); lagringsenheten fortsätter själv att radera, och det kan inte stoppas
reason-not-followed = Raderingen kunde inte följas till slutet (”{ $detail }”); vad lagringsenheten gjorde är inte känt
reason-medium-lost = Lagringsmediet förlorades: ”{ $detail }”; dess tillstånd är okänt
reason-gave-up = Arbetet gavs upp. Verktygets egen motivering, på engelska: ”{ $detail }”

reason-verified = Varje planerad överskrivningsomgång är utförd och verifierad
reason-sample-verified = Varje planerad överskrivningsomgång är utförd, och ett stickprov av den är verifierat
reason-with-exceptions = Utfört, med undantag: { $unwritten } byte kunde inte skrivas och { $unread } byte kunde inte läsas tillbaka
reason-not-verified = Överskrivet, och inte verifierat eftersom det begärdes så
reason-too-much-lost = För mycket av det som skulle raderas kunde inte behandlas: { $unwritten } byte kunde inte skrivas och { $unread } byte kunde inte läsas tillbaka
reason-only-clear = En överskrivning från värddatorn bedöms efter vad som skrivits och lästs tillbaka, och bara som Clear
reason-scope-empty = Det som är angivet för radering är tomt
reason-too-many-bad = Det finns fler felaktiga områden än som kan tas upp
reason-bad-outside = Ett felaktigt område ligger utanför det som skulle raderas
reason-bad-of-no-phase = Ett felaktigt område hör till en fas som inte har funnits
reason-pass-missing = Inte alla planerade överskrivningsomgångar är utförda
reason-pass-cut-short = Inte alla planerade överskrivningsomgångar är förda till slut
reason-pass-not-adding-up = De byte som en överskrivningsomgång skrev och dess felaktiga områden ger inte tillsammans det som skulle raderas

reason-not-read-back = Den verifiering som begärdes är inte utförd
reason-other-verification = En annan verifiering än den som begärdes är utförd
reason-verification-cut-short = Verifieringen fördes inte till slut
reason-verification-in-part = Den fulla verifieringen täckte inte det som skulle raderas
reason-sample-too-small = Stickprovet var för litet, eller kan inte dras igen
reason-found-by-none = En verifiering som inte är utförd har funnit något
reason-other-bytes = Återläsningen gav andra byte än de som skrevs
reason-counts-disagree = Verifieringens antal och de felaktiga områdena stämmer inte överens
reason-read-not-adding-up = Verifieringen läste ett annat antal byte än planerat, och inget förklarar det
reason-too-much-unread = För mycket av det som skulle raderas kunde inte läsas tillbaka

reason-no-command = Inget kommando skickades till lagringsenheten
reason-other-command = Det kommando som skickades hör inte till tekniken
reason-not-all-of-it = En radering som lagringsenheten själv utför når hela enheten, och något annat var angivet
reason-not-counted = { $technique } räknas inte som { $method } på detta lagringsmedium
reason-keys-of-unknown = Nycklar förstördes, och ingen säger att alla data alltid var krypterade med dem

reason-rejected = Lagringsenheten avvisade kommandot och ändrade inget genom det: ”{ $detail }”
reason-frozen = Lagringsenheten är låst mot sanitize-kommandon (frozen) och avvisade kommandot av det skälet
reason-not-sent = Kommandot nådde aldrig lagringsenheten: ”{ $detail }”
reason-unclear = Lagringsenhetens svar säger inte om den påbörjade raderingen (”{ $detail }”), och inget som den har visat sedan dess säger att det hör till detta kommando; vad lagringsenheten gjorde är inte känt
reason-not-accepted = Det är inte känt om lagringsenheten godtog kommandot; vad lagringsenheten gjorde är inte känt
reason-not-seen-running = Lagringsenheten uppger att det lyckades, utan att ha setts arbeta; vad lagringsenheten gjorde är inte känt
reason-not-credible = Lagringsenheten uppgav genast att det lyckades, och inget som den säger om sig själv gör det trovärdigt
reason-deallocated-and-read = Lagringsenheten avallokerade sina block, och de lästes som om det bevisade något
reason-erase-failed = Raderingen misslyckades: ”{ $detail }”
reason-stalled = Raderingen har stått stilla i { $seconds } sekunder
reason-stale = Lagringsenheten visar ett lyckat utfall som kan komma från en äldre radering; raderingen har inte setts pågå
reason-foreign = Lagringsenheten visar ett lyckat utfall av ett annat kommando än vårt
reason-not-run = Lagringsenheten godtog kommandot och visar inget spår av det; vad lagringsenheten gjorde är inte känt
reason-broken-chain = Lagringsenheten återställdes under tiden (”{ $resets }”) och har inte setts arbeta sedan dess; vad lagringsenheten gjorde är inte känt
reason-left-running = Stoppad av ”{ $cause }”; lagringsenheten fortsätter själv att radera, och det kan inte stoppas

reason-erased = Lagringsenheten godtog { $technique }, uppgav att det lyckades, och innehållet i varje märkt block är borta
reason-erased-at-once = Lagringsenheten godtog { $technique }, uppgav redan vid första förfrågan att det lyckades, och innehållet i varje märkt block är borta
reason-blocks-lost = Lagringsenheten uppger att raderingen lyckades, och { $lost } av de undersökta blocken kunde inte läsas tillbaka
reason-none-marked = Inget block märktes före raderingen, så dess verkan kan inte ses
reason-marks-survived = Lagringsenheten uppger att raderingen lyckades, och { $survived } av { $written } block som märktes tidigare innehåller fortfarande det som skrevs
reason-same-as-before = Lagringsenheten uppger att raderingen lyckades, och { $same ->
    [1] { $same } block innehåller fortfarande det som det innehöll tidigare
   *[other] { $same } block innehåller fortfarande det som de innehöll tidigare
}
reason-reads-not-asked-for = Lagringsenheten uppger att raderingen lyckades; bortsett från de märkta blocken lästes inget tillbaka eftersom det begärdes så
reason-reads-prove-nothing = Lagringsenheten uppger att raderingen lyckades, och det som läsning av dess block ger bevisar inget: De avallokerades eller måste skrivas innan de kan läsas
reason-no-mark-taken = Lagringsenheten uppger att raderingen lyckades; den tog inte emot något märkt block dessförinnan (den var i felläge eller trasig), så verkan kan inte ses. En ny radering kan visa den
reason-not-compared = Lagringsenheten uppger att raderingen lyckades, och innehållet i varje märkt block är borta; vad lagringsenheten innehöll tidigare kunde inte jämföras, eftersom den session som läste det avbröts
reason-read-before-missing = Inte alla block som lästes tidigare är redovisade
reason-marked-missing = Inte alla block som märktes är redovisade
reason-compared-missing = De block som skulle jämföras är inte redovisade
reason-too-few-compared = Lagringsenheten uppger att raderingen lyckades; för få block tog emot ett märke eller innehöll något tidigare, så för litet kan jämföras
reason-only-a-sample = Lagringsenheten uppger att raderingen lyckades; en full återläsning begärdes, och vad denna radering lämnar efter sig kan inte förutses, så bara ett stickprov kunde jämföras
reason-others-in-samples = Lagringsenheten uppger att raderingen lyckades; en full återläsning begärdes, och lagringsenhetens andra enheter undersöktes bara i stickprov
reason-expected-unclear = Vad som förväntades av blocken är inte angivet, eller är angivet där inget förväntas

## Vad som nu kan göras

way-out-no-proof = Om det måste bevisas genom läsning, radera lagringsenheten igen med en annan teknik som `radera plan` erbjuder, eller förstör den.
way-out-not-borne-out = Radera lagringsenheten igen, med en annan teknik om `radera plan` erbjuder en; blir utfallet detsamma, förstör den.
way-out-format-failed = Radera lagringsenheten igen, med ett sanitize-kommando om `radera plan` erbjuder ett; misslyckas även det, förstör den.
way-out-erase-failed = Om lagringsenheten inte lämnar ut några data nu ändras det bara av ett sanitize-kommando som lyckas: Radera den igen; misslyckas även det, eller blir sektorer kvar, förstör den.
way-out-stalled = Raderingen kan inte stoppas, och kommer kanske vidare: Låt strömmen vara ansluten och se efter igen med `radera show`. När den inte längre pågår, radera lagringsenheten igen; kommer den aldrig vidare, förstör lagringsenheten.
way-out-stale = Radera lagringsenheten igen, med en teknik som tar längre tid om `radera plan` erbjuder en, så att raderingen ses pågå; finns ingen, förstör lagringsenheten.
way-out-foreign = Se till att inget annat program och ingen annan värddator använder lagringsenheten, och radera den sedan igen; visar den samma sak ännu en gång, förstör den.
way-out-not-run = Raderingen kan börja sent eller pågå osedd: Låt strömmen vara ansluten, se efter med `radera show` tills inget pågår, och radera sedan lagringsenheten igen; visar den ännu en gång inget spår, förstör den.
way-out-broken-chain = Se till att ström och kabel håller, och radera sedan lagringsenheten igen.
way-out-rejected = Undanröj det som står i vägen (ett lösenord, skrivskydd, en reservation, en annan radering), eller använd en annan teknik som `radera plan` erbjuder; förstör annars lagringsenheten.
way-out-frozen = Datorns fasta programvara låser lagringsenheter när den startar: Försätt datorn i vänteläge och väck den, eller ta bort strömmen från lagringsenheten och ge den tillbaka medan datorn är i gång, och radera den sedan igen.
way-out-not-sent = Rätta till det som höll kommandot från lagringsenheten, och radera den sedan igen.
way-out-unclear = Se med `radera show` om lagringsenheten raderar, och vänta tills det är slut; radera den sedan igen, med en annan teknik om `radera plan` erbjuder en. Blir svaret detsamma, förstör den.
way-out-format-unknown = Se till att lagringsenheten är ansluten och har ström, och kör `radera resume`; en formatering överlever inte att strömmen försvinner.
way-out-erase-unknown = Se till att lagringsenheten är ansluten och har ström, och kör `radera resume`: Ett sanitize-kommando fortsätter av sig självt, och det eftersöks. Om det aldrig kan följas, förstör lagringsenheten.
way-out-format-left = Låt strömmen vara ansluten, och kör `radera resume` när formateringen är över: Hur en formatering slutar får bara den session veta som skickade den, så den måste skickas på nytt.
way-out-erase-left = Låt strömmen vara ansluten, och låt `radera resume` följa raderingen till slutet.

## Filer

files-partial = { $files ->
    [1] Görs gällande: partiell Clear, på nivån för logiska blockadresser (LBA), av de block som innehöll { $files } fils innehåll.
   *[other] Görs gällande: partiell Clear, på nivån för logiska blockadresser (LBA), av de block som innehöll { $files } filers innehåll.
}
files-logical = { $files ->
    [1] Görs gällande: logisk överskrivning, på nivån för logiska blockadresser (LBA), av de block som innehöll { $files } fils innehåll, på den enhet som filsystemet ligger på.
   *[other] Görs gällande: logisk överskrivning, på nivån för logiska blockadresser (LBA), av de block som innehöll { $files } filers innehåll, på den enhet som filsystemet ligger på.
}
files-partial-of-free-space = Görs gällande: partiell Clear, på nivån för logiska blockadresser (LBA), av { $bytes } byte i block som inte hörde till någon fil.
files-logical-of-free-space = Görs gällande: logisk överskrivning, på nivån för logiska blockadresser (LBA), av { $bytes } byte i block som inte hörde till någon fil, på den enhet som filsystemet ligger på.
files-mapped = Vilka block det är vilar på filsystemets egen uppgift.
files-not-covered = Namn, tidigare versioner, kopior på andra ställen och resten av lagringsmediet omfattas inte: Inget sägs om dem.
files-fill-not-covered = Block som inte nås genom att filsystemet fylls, det som dess filer innehåller och resten av lagringsmediet omfattas inte: Inget sägs om dem.
files-redirected = Ett underliggande skikt kan skriva på ett annat ställe än det blir ombett, eller så går det inte att veta vad som ligger under: Det som skrevs över behöver inte vara där innehållet fanns.
files-kept = Själva filerna ligger kvar: Det var begärt.
files-left-alone = FIFO:er, socketar och enhetsfiler som inte har rörts: { $left }.

## Vad som finns kvar av filer

residue-content = Innehåll finns kvar i filernas egna block.
residue-content-possible = Innehåll kan finnas kvar i filernas egna block.
residue-snapshots = Innehåll finns kvar i en ögonblicksbild (snapshot), som behåller blocken som de var.
residue-snapshots-possible = Innehåll kan finnas kvar i ögonblicksbilder (snapshots), som behåller blocken som de var: Om det finns några kunde inte klarläggas.
residue-shared-extents = Innehåll finns kvar i block som andra filer delar.
residue-shared-extents-possible = Innehåll kan finnas kvar i block som andra filer delar: Om några är delade kunde inte klarläggas.
residue-inline-data = Innehåll finns kvar i filsystemets metadata, där små filers innehåll ligger.
residue-inline-data-possible = Innehåll kan finnas kvar i filsystemets metadata, där små filers innehåll kan ligga.
residue-journal = Innehåll finns kvar i filsystemets journal.
residue-journal-possible = Innehåll kan finnas kvar i filsystemets journal.
residue-xattrs = Filernas utökade attribut finns kvar i filsystemets block.
residue-xattrs-possible = Filernas utökade attribut kan finnas kvar i filsystemets block.
residue-lower-layers = Innehåll finns kvar i ett skikt under det filsystem som angavs.
residue-lower-layers-possible = Innehåll kan finnas kvar i ett skikt under det filsystem som angavs.
residue-swap = Innehåll finns kvar i växlingsutrymmet (swap).
residue-swap-possible = Innehåll som program hade i minnet kan finnas kvar i växlingsutrymmet (swap).
residue-older-versions = Tidigare versioner av filerna finns kvar i block som frigjordes tidigare.
residue-older-versions-possible = Tidigare versioner av filerna kan finnas kvar i block som frigjordes tidigare.
residue-free-space = Det finns fria block som inte kunde nås: de som filsystemet håller för sig självt, och ändarna av dess egna strukturer.
residue-free-space-possible = Det kan finnas fria block som inte kunde nås: de som filsystemet håller för sig självt, och ändarna av dess egna strukturer.
residue-flash-remaps = Äldre kopior av block finns kvar i celler som lagringsenheten håller för sig själv.
residue-flash-remaps-possible = Äldre kopior av block kan finnas kvar i celler som lagringsenheten håller för sig själv: Flash skriver varje block på ett nytt ställe, och varje lagringsenhet ersätter block som har blivit dåliga.
residue-names = Namn på filer och kataloger finns kvar i kataloger eller i filsystemets journal.
residue-names-possible = Namn på filer och kataloger kan finnas kvar i kataloger eller i filsystemets journal.
reason-files-cleared = { $files ->
    [1] varje block som filsystemet uppgav för { $files } fils innehåll ({ $extents } extenter, { $bytes } byte) är överskrivet på plats och återläst från enheten som det skrevs
   *[other] varje block som filsystemet uppgav för { $files } filers innehåll ({ $extents } extenter, { $bytes } byte) är överskrivet på plats och återläst från enheten som det skrevs
}
reason-files-empty = { $files ->
    [1] det fanns inget att skriva över: { $files } fil utan något block med innehåll
   *[other] det fanns inget att skriva över: { $files } filer utan något block med innehåll
}
reason-files-none = det fanns inget att skriva över: ingen fil hittades
reason-free-space-cleared = block som inte hörde till någon fil ({ $extents } extenter, { $bytes } byte) är överskrivna genom att filsystemet fylldes, och återlästa från enheten som de skrevs
reason-free-space-none = inget block nåddes genom att filsystemet fylldes
reason-files-leave = { $files ->
    [1] { $files } fils block är överskrivna på plats och återlästa som de skrevs, och det är känt att innehåll finns kvar på andra ställen
   *[other] { $files } filers block är överskrivna på plats och återlästa som de skrevs, och det är känt att innehåll finns kvar på andra ställen
}
reason-files-unverified = { $files ->
    [1] av { $files } fil, raderade och verifierade: { $cleared }; överskrivna och ej verifierade: { $overwritten }; trimmade och ej överskrivna: { $trimmed }
   *[other] av { $files } filer, raderade och verifierade: { $cleared }; överskrivna och ej verifierade: { $overwritten }; trimmade och ej överskrivna: { $trimmed }
}
reason-files-not-cleared = { $files ->
    [1] av { $files } fil, ej raderade: { $left }
   *[other] av { $files } filer, ej raderade: { $left }
}
reason-files-unsaid = filer har angetts, och inget sägs om dem
reason-files-of-other = det som berättas om filer berättas om något annat som har angetts
reason-files-not-counted = inte varje fil har fått ett utlåtande
reason-extents-not-adding-up = filernas block stämmer inte ihop eller är fler än enheten har
reason-trims-not-adding-up = det som sägs vara trimmat är inte det som stegen trimmade
reason-residue-not-adding-up = det som finns kvar berättas två gånger eller om fler filer än det finns
reason-kept-and-removed = filer som skulle ligga kvar sägs vara borttagna
reason-files-still-there = inte varje fil är borttagen
reason-files-trouble = block kunde inte skrivas eller läsas eller avviker, och ingen fil sägs innehålla dem
reason-files-sampled = filer läses tillbaka i sin helhet eller inte alls
reason-cleared-though-redirected = filer kallas raderade, och ett underliggande skikt kan skriva på ett annat ställe än det blir ombett
reason-cleared-unmapped = filer kallas raderade, och det är inte känt vilka block som innehöll dem
reason-cleared-though-kept = filer kallas raderade, och det är känt att deras innehåll är bevarat i andra block
reason-cleared-unread = filer kallas raderade, och inte vart och ett av deras block är återläst
readback-nothing-to-read = Inget block skrevs över, och därför fanns det inget att läsa tillbaka.
way-out-files-again = Åtgärda det som hindrade överskrivningen och radera dem igen; eller radera hela den enhet som filsystemet ligger på.
way-out-files-whole = Måste det bevisas, radera hela den enhet som filsystemet ligger på, och det som ligger under den.
