# Why something is not fulfilled, or what the reader should know. A `todo` is addressed to the one who can mend it.

## Parties and agreements

party-incomplete = Particulars are missing of { $party }: { $lacks }.
    .todo = Fill in the particulars in the case file.
main-agreement-missing = The main agreement is not stated, or can't be told from other agreements.
    .todo = State the title of the main agreement and its date or another unique identification in [agreements.main].
processing-agreement-missing = The data-processing agreement is not stated.
    .todo = State the title and date of the data-processing agreement in [agreements.processing].
end-missing = It is not stated when the main agreement ends.
    .todo = State the day on which it ends (end) in [agreements].
end-ahead = The last day is { $date }, after the day of this check.
    .todo = Repeat the check when the day has come.
days-after-end = Days from the end of the main agreement to the last erasure ({ $date }): { $days }.

## Documents and persons

document-missing = A document is missing ({ $what }): the file { $file } is not beside the case file, or its SHA-256 is not the one that is stated.
    .todo = { $who ->
        [controller] Give the document to the processor, so that it can be put beside the case file.
        [sub-processor] Give the document to the processor, so that it can be put beside the case file.
       *[processor] Put the file { $file } beside the case file, or correct file name and sha256 in the case file.
    }
person-missing = A person is not named: { $what }.
    .todo = { $who ->
        [processor] State the name and title of the person in the case file.
       *[other] Tell the processor the name and title of the person, to be stated in the case file.
    }

## Instruction and inventory

instruction-missing = The controller's documented instruction to delete or return is missing, or has no reference.
    .todo = { $who ->
        [controller] Give the processor a written instruction, with a reference, to delete or return.
       *[other] Obtain the controller's written instruction and state it in [instruction].
    }
instruction-ahead = The instruction is dated { $date }, after the day of this check.
    .todo = Correct the date in [instruction], or repeat the check when the day has come.
archive-missing = The controller has not confirmed that nothing has to be archived before the erasure.
    .todo = { $who ->
        [controller] Confirm in writing that nothing has to be archived before data is erased.
       *[other] Obtain the controller's written confirmation and state it in [archive].
    }
archive-too-late = Item { $item } was erased on { $date }, before it was confirmed that nothing had to be archived first.
    .todo = { $who ->
        [controller] Decide in writing whether the early erasure is accepted.
       *[other] Ask the controller to decide in writing; state an acceptance in acceptances with what = "archive".
    }
inventory-missing = No named person has declared that the inventory lists everything.
    .todo = Have a named person sign the declaration that the inventory lists everything, and state it in [inventory].
inventory-too-early = The declaration on the inventory is older than the last use of item { $item } ({ $date }).
    .todo = Sign a new declaration when nothing is in use any more, or correct last_used.
inventory-older = The declaration on the inventory is older than item { $item }, which was listed on { $date }.
    .todo = Sign a new declaration that covers item { $item } as well.
no-items = The inventory is empty: nothing is stated that held the data.
    .todo = List every medium and every copy as an item in items.
nothing-given-back = The instruction asks for a return, but no return was receipted.
    .todo = Return the data and add the receipt with radera case add, before what held it is erased; or state that the medium was handed over (handed_over).
system-without-item = No item of the inventory belongs to the system { $system } (annex 1).
    .todo = List what holds the data of the system, or state the system on the item that it belongs to.
no-systems = The systems of annex 1 are not stated.
    .todo = List every system of annex 1 in systems.
location-without-item = No item of the inventory belongs to the location { $location } (annex 2).
    .todo = List what is at the location, or state the location on the item that it belongs to.
no-locations = The locations of annex 2 are not stated.
    .todo = List every location of annex 2 in locations.
location-outside-eu = The location { $location } is outside the EU and EEA (country code { $country }); the agreement requires storage within the EU.
    .todo = { $who ->
        [controller] Decide on the storage outside the EU.
       *[other] Check the country code. If it is right, account for the storage to the controller.
    }
unlisted-medium = A medium was erased that is not in the inventory: serial number { $serial }, sanitization record { $file }.
    .todo = List the medium as an item in items and let the record belong to it.
copy-not-stated = Copies of this kind are neither listed nor declared absent: { $kind }.
    .todo = List the copies in items, or state the kind in none under [inventory] once it is established that there are none.
copy-denied = It is declared that there are no copies of the kind { $kind }, but item { $item } is one.
    .todo = Take the kind out of none under [inventory] and sign the declaration again.
rejected = The result was rejected on { $date } by the person who decided.
    .todo = Carry out the remedy that the decision names, and obtain a new decision.

## Items

item-open = Item { $item } is not borne out (outcome: { $outcome }).
    .todo = See under the item what is missing.
item-missing = Item { $item }: nothing shows what became of it.
    .todo = State the outcome of the item with its evidence, or erase the medium with radera wipe --case.
item-failed = Item { $item }: the erasure failed on { $date }.
    .todo = Erase it another way or have the medium physically destroyed, and state the new outcome.
item-pending = Item { $item } is expected to be erased on { $date }.
    .todo = Document the erasure when the day has come, and issue a certificate that supersedes this one.
item-pending-over = Item { $item } should have been erased on { $date }, but that is not documented.
    .todo = Document that the item is erased, and state the outcome.
source-not-erased = Item { $item }: the data was returned ({ $return }), but what held it is not erased. Return does not replace erasure.
    .todo = Erase item { $item } and state the sanitization record.
erased-before-receipt = Item { $item } was erased on { $date }, before the return ({ $return }) was receipted.
    .todo = { $who ->
        [controller] Confirm in writing whether the returned data was received in usable form.
       *[other] Settle with the controller whether the returned data was received in usable form, and correct the dates if they are wrong.
    }
before-instruction = Item { $item } was dealt with on { $date }, before the instruction of { $instruction }.
    .todo = { $who ->
        [controller] Decide in writing on what was done before the instruction.
       *[other] Correct the dates if they are wrong. If they are right, the controller has to decide; state an acceptance in acceptances with what = "instruction".
    }
date-ahead = The date { $date } ({ $item }) is after the day of this check.
    .todo = Correct the date, or repeat the check when the day has come.
no-record = Item { $item } is stated as erased, but without a sanitization record.
    .todo = State the sanitization record (JSON) with radera case add.
record-absent = Item { $item }: the sanitization record { $file } does not exist.
    .todo = Put the sanitization record and its signature (.p7s) beside the case file.
record-not-authentic = Item { $item }: the sanitization record { $file } can't be relied on: { $why }
    .todo = Use the unchanged sanitization record with its signature, or erase and document again.
record-untrusted = Item { $item }: the sanitization record { $file } is signed with a key that nobody has vouched for: { $signer }.
    .todo = Have the fingerprint confirmed another way (contract annex, Digital Post) and state the key in keys.
record-foreign = Item { $item }: the sanitization record { $file } does not belong to this case (case of the record: { $case }).
    .todo = Erase again with radera wipe --case, so that the record belongs to this case.
record-other-medium = Item { $item }: the sanitization record { $file } is of another medium, with serial number { $serial }.
    .todo = State the record of the right medium, or correct the serial number of the item.
record-unidentified = Item { $item }: neither serial number nor property number ties the sanitization record { $file } to the item.
    .todo = State the serial number (serial) or the property number (asset) on the item.
record-of-part = Item { $item }: the sanitization record { $file } covers only a part of the medium.
    .todo = Erase the whole medium and state the new record.
record-of-files = Item { $item }: the sanitization record { $file } covers only files or free space on the medium, not the medium itself.
    .todo = Erase the whole medium and state the new record; or state the item as logically deleted, with this record as its document, and obtain the controller's acceptance.
record-not-sanitized = Item { $item }: by the sanitization record { $file }, the job did not end with a medium that was sanitized and verified.
    .todo = Erase it again, or have the medium physically destroyed.
record-exceptions = Item { $item }: by the sanitization record { $file }, parts of the medium could not be written or read.
    .todo = { $who ->
        [controller] Decide in writing whether the exceptions are accepted.
       *[other] Have the medium physically destroyed, or obtain the controller's signed acceptance (what = "exceptions").
    }
record-replaced = Item { $item }: the sanitization record { $file } was replaced by a later one, which is not stated.
    .todo = State the latest record of the item.
record-used-twice = Item { $item }: the sanitization record { $file } is already used for item { $other }.
    .todo = State one record for each medium.
record-too-old = Item { $item }: the erasure by { $file } was before the last use of the medium ({ $date }).
    .todo = Erase the medium again after its last use, or correct last_used.
gone-before-last-use = Item { $item } was gone before its last use by last_used ({ $date }).
    .todo = Correct the dates if they are wrong. If they are right, account for what was in use since.
last-use-unknown = Item { $item }: it is not stated when the medium was last in use.
    .todo = State last_used on the item.
level-too-low = Item { $item }: the level shown is { $reached }, but the data needs { $needs }.
    .todo = { $who ->
        [controller] Decide in writing whether the lower level is accepted.
       *[other] Erase at the level needed, have the medium physically destroyed, or obtain the controller's signed acceptance (what = "level").
    }
logical-not-accepted = Item { $item } was deleted logically in a running system. That counts only with the controller's written acceptance.
    .todo = { $who ->
        [controller] Decide in writing whether the logical deletion is accepted.
       *[other] Obtain the controller's signed acceptance (what = "logical-deletion").
    }
destruction-incomplete = Item { $item }: particulars of the destruction are missing: { $lacks }.
    .todo = Fill in the particulars under destroyed and state the document of the one who carried it out.
flash-degaussed = Item { $item }: flash memory can't be erased by degaussing.
    .todo = Have the medium shredded or physically destroyed another way.
not-magnetic = Item { $item }: only magnetic media can be degaussed.
    .todo = Have the medium physically destroyed another way, or correct the kind of medium (media).
degaussing-not-accepted = Item { $item } was degaussed. That counts only with the controller's written acceptance.
    .todo = { $who ->
        [controller] Decide in writing whether the degaussing is accepted.
       *[other] Obtain the controller's signed acceptance (what = "degaussing"), or have the medium physically destroyed.
    }
not-to-be-returned = Item { $item } was handed over, but the instruction does not provide for return.
    .todo = { $who ->
        [controller] Decide on the hand-over in an instruction.
       *[other] Obtain an instruction that provides for return, or erase the medium.
    }
retention-incomplete = Item { $item }: particulars of the statutory retention are missing: { $lacks }.
    .todo = State act, section, last day and the person responsible under retained.
retention-over = Item { $item }: the duty to retain ended on { $date }.
    .todo = Erase the item and issue a certificate that supersedes this one.
retained-until = Item { $item } is retained until { $date } under { $act }, { $section }.
accepted-by-controller = { $item }: the controller has accepted { $what } (acceptance { $acceptance }).
acceptance-void = The acceptance { $acceptance } can't be relied on: it lacks signatory or document, or its date is ahead.
    .todo = { $who ->
        [controller] Give the processor an acceptance with name, date and signature.
       *[other] Correct the acceptance in the case file and put the signed document beside it.
    }

## Erasure tool

tool-without-approval = Item { $item }: there is no written approval of { $tool } in version { $version }.
    .todo = { $who ->
        [controller] Decide on the tool; an approval is given in writing and names tool, version, media, method and last day.
       *[other] Obtain a written security approval that names tool and version, and state it in tool_approvals.
    }
tool-not-for-media = Item { $item }: the approval of the erasure tool does not cover this kind of medium: { $media }.
    .todo = { $who ->
        [controller] Decide whether the approval is to cover the kind; if not, the medium has to be physically destroyed.
       *[other] Obtain an approval that covers the kind, or have the medium physically destroyed.
    }
media-differs = Item { $item }: the sanitization record shows another kind of medium than the item: { $media }.
    .todo = Correct the kind (media) on the item, or state the record of the right medium.
tool-not-for-method = Item { $item }: the approval of the erasure tool does not cover the method { $method }.
    .todo = { $who ->
        [controller] Decide whether the approval is to cover the method; if not, it has to be erased another way.
       *[other] Obtain an approval that covers the method, or erase with a method that the approval covers.
    }
tool-approval-not-valid = Item { $item }: the approval of the erasure tool was not valid on { $date }, when the erasure began.
    .todo = { $who ->
        [controller] Decide whether the approval is to cover that day too; if not, it has to be erased again.
       *[other] Obtain an approval that is valid for the day, or erase again while an approval is valid.
    }

## The written notice

notice-missing = The municipality's written notice to delete or return is not there. To give it is the controller's duty.
    .todo = { $who ->
        [controller] Notify the processor in writing whether the data is to be deleted or returned.
       *[other] Ask the controller for the written notice and state it in [notice].
    }
notice-late = The municipality's notice is dated { $date }. Days from the notice to the end: { $days }. The notice is due at the latest 30 days before the end, and that duty is the controller's.
    .todo = { $who ->
        [controller] The date can no longer be met. Stand by the instruction or change it in writing; being late does not keep the supplier from fulfilling the other points.
       *[other] The date is the controller's to meet; that it is late does not keep the other points from being fulfilled.
    }
notice-in-time = The municipality's notice is dated { $date }. Days from the notice to the end: { $days }.
notice-differs = The municipality's notice and the instruction differ on whether data is to be deleted or returned.
    .todo = { $who ->
        [controller] Clarify in writing which of them holds.
       *[other] Ask the controller to clarify in writing which of them holds, and correct [notice] or [instruction].
    }

## Sub-processors

subprocessors-not-stated = Sub-processors are neither listed nor declared absent.
    .todo = List every sub-processor of annex 2 in subprocessors, or state no_subprocessors = true under [inventory].
subprocessors-denied = It is declared that there are no sub-processors, but one or more are listed.
    .todo = Take out no_subprocessors under [inventory] and sign the declaration again.
subprocessor-open = The evidence of the sub-processor { $subprocessor } is not enough: { $grade }.
    .todo = See under the sub-processor what is missing.
not-forwarded = It is not documented that the municipality's notice was passed on to the sub-processor { $subprocessor }.
    .todo = Pass the notice on and state date and document under forwarded.
forwarded-too-early = The notice is stated as passed on to the sub-processor { $subprocessor } on { $date }, before there was a notice or an instruction.
    .todo = Correct the date, or pass on the notice that holds.
subprocessor-nothing = The sub-processor { $subprocessor } has documented nothing.
    .todo = { $who ->
        [sub-processor] Send the processor a signed deletion certificate.
       *[other] Obtain a signed deletion certificate from the sub-processor and add it with radera case add.
    }
only-statement = The sub-processor { $subprocessor } has given only its own statement, signed by nobody.
    .todo = { $who ->
        [sub-processor] Send the processor a signed deletion certificate.
       *[other] Obtain a signed deletion certificate from the sub-processor and add it with radera case add.
    }
declaration-not-accepted = The sub-processor { $subprocessor } has signed a declaration that the controller has not accepted in place of a deletion certificate.
    .todo = { $who ->
        [controller] Decide in writing whether the declaration is accepted.
        [sub-processor] Send the processor a signed deletion certificate.
       *[other] Obtain a deletion certificate from the sub-processor, or the controller's signed acceptance (what = "declaration").
    }
declaration-too-old = The evidence of the sub-processor { $subprocessor } is dated { $date }, before the notice was passed on.
    .todo = { $who ->
        [sub-processor] Make a new declaration, dated after the notice.
       *[other] Obtain a new declaration, dated after the notice.
    }
certificate-absent = The deletion certificate of the sub-processor { $subprocessor } does not exist: { $file }.
    .todo = { $who ->
        [sub-processor] Send the processor the certificate and its signature (.p7s).
       *[other] Put the certificate and its signature (.p7s) beside the case file.
    }
certificate-not-authentic = The deletion certificate of the sub-processor { $subprocessor } ({ $file }) can't be relied on: { $why }
    .todo = { $who ->
        [sub-processor] Send the certificate again, unchanged and with its signature.
       *[other] Obtain the unchanged certificate with its signature.
    }
certificate-untrusted = The deletion certificate of the sub-processor { $subprocessor } ({ $file }) is signed with a key that nobody has vouched for: { $signer }.
    .todo = { $who ->
        [sub-processor] Confirm the fingerprint of the key to the processor another way (contract annex, Digital Post).
       *[other] Have the fingerprint confirmed another way and state the key in keys with the sub-processor as its holder.
    }
certificate-incomplete = In the deletion certificate of the sub-processor { $subprocessor } ({ $file }), not every point is fulfilled.
    .todo = { $who ->
        [sub-processor] Mend the open points and send a new deletion certificate.
       *[other] Ask the sub-processor to mend the open points and send a new deletion certificate.
    }
certificate-other-profile = The deletion certificate of the sub-processor { $subprocessor } ({ $file }) answers other questions than those of the end of an agreement.
    .todo = { $who ->
        [sub-processor] Issue a deletion certificate for the end of the agreement (profile = "contract-end").
       *[other] Ask the sub-processor for a deletion certificate for the end of the agreement (profile = "contract-end").
    }
certificate-other-instruction = The deletion certificate of the sub-processor { $subprocessor } ({ $file }) does not refer to the instruction of this case.
    .todo = { $who ->
        [sub-processor] Issue a deletion certificate that refers to the instruction as it was passed on.
       *[other] Ask the sub-processor for a deletion certificate that refers to the instruction as it was passed on.
    }
certificate-other-party = The deletion certificate stated for the sub-processor { $subprocessor } ({ $file }) was issued by another party (number { $number }).
    .todo = { $who ->
        [sub-processor] Send the processor your own deletion certificate.
       *[other] State the right certificate, or correct the number of the sub-processor.
    }

## Repair

repair-incomplete = Particulars of the repair are missing: { $lacks }.
    .todo = Fill in the particulars in [repair].
confidentiality-missing = There is no written undertaking of confidentiality.
    .todo = Obtain the signed undertaking of confidentiality and state it under confidentiality in the case file.
confidentiality-too-late = The undertaking of confidentiality is dated { $date }, after the device was handed to the repairer.
    .todo = Have the repairer confirm that confidentiality holds for the time before the signature too, and let the controller judge it.
not-erased-no-reason = Item { $item } was not erased before the repair, and no reason is stated.
    .todo = Erase the item, or state in not_erased_because why that was not possible.
not-erased-because = The data was not erased before the repair. Reason: { $why }
erased-after-hand-over = Item { $item } was erased only on { $date }, after the device was handed to the repairer.
    .todo = State in not_erased_because why the data was not erased before.
medium-removed-unknown = It is not stated whether the medium was taken out before the repair.
    .todo = State medium_removed = true or false in [repair].
medium-removed = The medium was taken out before the repair.
medium-left = The medium was left in the device during the repair.
not-returned = The device has not come back from repair yet.
    .todo = State the day (returned) and the receipt (receipt) in [repair] when the device is back.

## Disposal

disposal-missing = It is not stated what is to become of the equipment.
    .todo = Fill in [disposal].
advised-against = The municipality advises against selling or giving away equipment that was used to process personal data (annex 3, point 11).
not-destroyed = Item { $item } is neither destroyed nor degaussed, although destruction is relied on.
    .todo = Have the medium physically destroyed, or state another ground in limb.
not-sanitized = Item { $item } is neither erased as relied on nor destroyed.
    .todo = Erase the medium, or have it physically destroyed.
guarantor-missing = No named person guarantees the erasure in writing.
    .todo = State who guarantees it (guarantor) and the signed guarantee (guarantee) in [disposal].

## End of an assignment

assignment-missing = It is not stated when and how the assignment ended.
    .todo = Fill in [assignment].
nothing-returned = Nothing is receipted as returned.
    .todo = Return material, equipment and digitally stored information, and state the receipts in assignment.returned.
nothing-kept-missing = It is not declared that nothing was kept.
    .todo = Sign a declaration that nothing was kept, and state it in [assignment.nothing_kept].
approval-missing = The municipality's approval to erase is missing.
    .todo = { $who ->
        [controller] Approve the erasure in writing, or say that nothing may be erased.
       *[other] Obtain the municipality's written approval and state it in [assignment.approval].
    }
erased-before-approval = Item { $item } was erased on { $date }, before the municipality had approved it.
    .todo = { $who ->
        [controller] Decide in writing on the early erasure.
       *[other] Account for the early erasure to the municipality and obtain its decision.
    }
approval-is-policy = The agreement requires the municipality's approval to erase in the municipality's IT environment. That it is asked for here for copies elsewhere too is our own policy.
days-to-return = Days from the end of the assignment to the last return: { $days }.

## Five doubts that a person decides

regions-unknown = Regions that can't be reached from outside were not shown to be erased by the medium itself, or hidden areas could not be ruled out: { $items }.
regions-reached = The erased media carried out the erase themselves, and no hidden areas were found.
levels-reached = Every item with a record reached at least the level that its data needs.
levels-not-reached = These items did not reach the level that their data needs: { $items }.
nothing-measured = Nothing was measured: no item was erased by a record that can be relied on.
same-person = Operator and verifier are one person, or one of them is not named.
people-unknown = Whether people are qualified and tools calibrated is beyond what software can know.
minimum-unknown = The organisation's own minimum for erasure is not stated.
scope-over-provisioned = Flash memory was overwritten from outside; spare blocks are not reached that way: { $items }.
scope-partial = Only a part was erased, or the medium is virtual: { $items }.
scope-whole = The erasures covered whole media.
