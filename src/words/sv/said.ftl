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
claim-hidden-not-examined = Dolda områden (HPA, DCO, högsta åtkomliga adress) undersöktes inte, eller alla kunde inte undersökas: Om det finns några är inte känt.
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
readback-bound = Med 95 % konfidens avvek högst { $most95 } celler, med 99 % högst { $most99 }, i det område som värddatorn kan adressera från det förväntade tillståndet.
readback-bound-of-readable = Med 95 % konfidens avvek högst { $most95 } celler, med 99 % högst { $most99 }, bland dem som kan läsas i det område som värddatorn kan adressera från det förväntade tillståndet.
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
marks-unmapped = En lagringsenhet kan svara så för block som den inte längre har tilldelade, utan att läsa vad dess celler innehåller.
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
reason-pass-missing = Varje planerad överskrivningsomgång är inte utförd
reason-pass-cut-short = Varje planerad överskrivningsomgång är inte förd till slut
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
reason-other-command = Det kommando som skickades är inte teknikens
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
reason-stale = Lagringsenheten visar ett lyckat utfall som kan vara ett äldre kommandos; raderingen har inte setts pågå
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
reason-not-compared = Lagringsenheten uppger att raderingen lyckades, och innehållet i varje märkt block är borta; vad den innehöll tidigare kunde inte jämföras, eftersom den session som läste det avbröts
reason-read-before-missing = Alla block som lästes tidigare är inte redovisade
reason-marked-missing = Alla block som märktes är inte redovisade
reason-compared-missing = De block som skulle jämföras är inte redovisade
reason-too-few-compared = Lagringsenheten uppger att raderingen lyckades; för få block tog emot ett märke eller innehöll något tidigare, så för litet kan jämföras
reason-only-a-sample = Lagringsenheten uppger att raderingen lyckades; en full återläsning begärdes, och vad denna radering lämnar efter sig kan inte förutses, så bara ett stickprov kunde jämföras
reason-others-in-samples = Lagringsenheten uppger att raderingen lyckades; en full återläsning begärdes, och lagringsenhetens andra enheter undersöktes bara i stickprov
reason-expected-unclear = Vad som förväntades av blocken är inte angivet, eller är angivet där inget förväntas

## Vad som nu kan göras

way-out-no-proof = Om det måste bevisas genom läsning, radera det igen med en annan teknik som `radera plan` erbjuder, eller förstör det.
way-out-not-borne-out = Radera det igen, med en annan teknik om `radera plan` erbjuder en; blir utfallet detsamma, förstör det.
way-out-format-failed = Radera det igen, med ett sanitize-kommando om `radera plan` erbjuder ett; misslyckas även det, förstör det.
way-out-erase-failed = Om lagringsenheten inte lämnar ut några data nu ändras det bara av ett sanitize-kommando som lyckas: Radera det igen; misslyckas även det, eller blir sektorer kvar, förstör det.
way-out-stalled = Det kan inte stoppas, och kommer kanske vidare: Låt strömmen vara ansluten och se efter igen med `radera show`. När det inte längre pågår, radera det igen; kommer det aldrig vidare, förstör det.
way-out-stale = Radera det igen, med en teknik som tar längre tid om `radera plan` erbjuder en, så att det ses pågå; finns ingen, förstör det.
way-out-foreign = Se till att inget annat program och ingen annan värddator använder lagringsenheten, och radera det sedan igen; visar den samma sak ännu en gång, förstör det.
way-out-not-run = Det kan börja sent eller pågå osett: Låt strömmen vara ansluten, se efter med `radera show` tills inget pågår, och radera det sedan igen; visar den ännu en gång inget spår, förstör det.
way-out-broken-chain = Se till att ström och kabel håller, och radera det sedan igen.
way-out-rejected = Undanröj det som står i vägen (ett lösenord, skrivskydd, en reservation, en annan radering), eller ta en annan teknik som `radera plan` erbjuder; förstör det annars.
way-out-frozen = Datorns fasta programvara låser lagringsenheter när den startar: Försätt datorn i vänteläge och väck den, eller ta bort strömmen från lagringsenheten och ge den tillbaka medan datorn är i gång, och radera det sedan igen.
way-out-not-sent = Rätta till det som höll kommandot från lagringsenheten, och radera det sedan igen.
way-out-unclear = Se med `radera show` om den raderar, och vänta tills det är slut; radera det sedan igen, med en annan teknik om `radera plan` erbjuder en. Blir svaret detsamma, förstör det.
way-out-format-unknown = Se till att den är ansluten och har ström, och kör `radera resume`; en formatering överlever inte att strömmen försvinner.
way-out-erase-unknown = Se till att den är ansluten och har ström, och kör `radera resume`: Ett sanitize-kommando fortsätter av sig självt, och det eftersöks. Om det aldrig kan följas, förstör det.
way-out-format-left = Låt strömmen vara ansluten, och kör `radera resume` när det är över: Hur en formatering slutar får bara den session veta som skickade den, så den måste skickas på nytt.
way-out-erase-left = Låt strömmen vara ansluten, och låt `radera resume` följa det till slutet.
