//! Why a job came to its status.

use super::said::{ByName, Files, sentences};

sentences! {
    /// The reason of a status, without its full stop.
    Reason "reason" {
        // How the work ended.
        Stopped { cause: String } = "stopped", "stopped before the end ({cause})";
        StoppedGoesOn { cause: String } = "stopped-goes-on",
            "stopped before the end ({cause}); the drive goes on erasing by itself, which can't be stopped";
        NotFollowed { detail: String } = "not-followed",
            "the erase could not be followed to its end ({detail}); what the drive did is not known";
        MediumLost { detail: String } = "medium-lost", "the medium was lost: {detail}; its state is unknown";
        GaveUp { detail: String } = "gave-up", "{detail}";

        // An overwrite by the host.
        Verified = "verified", "every planned pass was carried out and verified";
        SampleVerified = "sample-verified", "every planned pass was carried out, and a sample of it verified";
        WithExceptions { unwritten: u64, unread: u64 } = "with-exceptions",
            "done, with exceptions: {unwritten} bytes could not be written and {unread} bytes could not be read back";
        NotVerified = "not-verified", "overwritten, and not verified because asked so";
        TooMuchLost { unwritten: u64, unread: u64 } = "too-much-lost",
            "too much of the target could not be dealt with: {unwritten} bytes could not be written and {unread} bytes could not be read \
             back";
        OnlyClear = "only-clear",
            "an overwrite by the host is judged by what was written and read back, and only as Clear";
        ScopeEmpty = "scope-empty", "the scope is empty";
        TooManyBad = "too-many-bad", "more bad ranges than can be listed";
        BadOutside = "bad-outside", "a bad range lies outside the scope";
        BadOfNoPhase = "bad-of-no-phase", "a bad range belongs to a phase that there was not";
        PassMissing = "pass-missing", "not every planned pass was carried out";
        PassCutShort = "pass-cut-short", "not every planned pass was carried out to its end";
        PassNotAddingUp = "pass-not-adding-up",
            "the bytes that a pass wrote and its bad ranges do not add up to the scope";

        // The readback.
        NotReadBack = "not-read-back", "the verification asked for was not carried out";
        OtherVerification = "other-verification",
            "another verification than the one asked for was carried out";
        VerificationCutShort = "verification-cut-short", "verification did not run to its end";
        VerificationInPart = "verification-in-part", "the full verification did not cover the scope";
        SampleTooSmall = "sample-too-small", "the sample was too small, or can't be drawn again";
        FoundByNone = "found-by-none", "a verification that was not done found something";
        OtherBytes = "other-bytes", "readback gave other bytes than were written";
        CountsDisagree = "counts-disagree", "the verification's counts and the bad ranges disagree";
        ReadNotAddingUp = "read-not-adding-up",
            "verification read another number of bytes than it planned and nothing accounts for it";
        TooMuchUnread = "too-much-unread", "too much of the target could not be read back";

        // Files: what came of them.
        FilesCleared { files: Files, extents: u64, bytes: u64 } = "files-cleared",
            "every block that the filesystem said held the content of {files} ({extents} extents, {bytes} bytes) was overwritten in place, \
             and read back from the device as it was written";
        FilesEmpty { files: Files } = "files-empty", "there was nothing to overwrite: {files}, without a block of content";
        FilesNone = "files-none", "there was nothing to overwrite: no file was found";
        FreeSpaceCleared { extents: u64, bytes: u64 } = "free-space-cleared",
            "blocks that belonged to no file ({extents} extents, {bytes} bytes) were overwritten by filling the filesystem, and read back \
             from the device as they were written";
        FreeSpaceNone = "free-space-none", "filling the filesystem reached no block";
        FilesLeave { files: Files } = "files-leave",
            "the blocks of {files} were overwritten in place and read back as they were written, and content is known to be left elsewhere";
        FilesUnverified { files: Files, cleared: u64, overwritten: u64, trimmed: u64 } = "files-unverified",
            "of {files}, cleared and verified: {cleared}; overwritten and not verified: {overwritten}; trimmed and not overwritten: \
             {trimmed}";
        FilesNotCleared { files: Files, left: u64 } = "files-not-cleared", "of {files}, not cleared: {left}";
        // Files: what does not fit together.
        FilesUnsaid = "files-unsaid", "files were named, and nothing is said of them";
        FilesOfOther = "files-of-other", "what is told of files is told of something else that was named";
        FilesNotCounted = "files-not-counted", "not every file came to one verdict";
        ExtentsNotAddingUp = "extents-not-adding-up", "the extents do not add up, or are more than the device holds";
        TrimsNotAddingUp = "trims-not-adding-up", "what is said to have been trimmed is not what the steps trimmed";
        ResidueNotAddingUp = "residue-not-adding-up", "what is left is told twice, or of more files than there are";
        KeptAndRemoved = "kept-and-removed", "files that were to stay are said to have been removed";
        FilesStillThere = "files-still-there", "not every file was removed";
        FilesTrouble = "files-trouble", "blocks could not be written or read, or differ, and no file is said to hold them";
        FilesSampled = "files-sampled", "files are read back in full or not at all";
        ClearedThoughRedirected = "cleared-though-redirected",
            "files are called cleared, and a layer below may write elsewhere than it is told";
        ClearedUnmapped = "cleared-unmapped", "files are called cleared, and which blocks held them is not known";
        ClearedThoughKept = "cleared-though-kept",
            "files are called cleared, and their content is known to be kept in other blocks";
        ClearedUnread = "cleared-unread", "files are called cleared, and not every block of them was read back";

        // An erase by the drive: whether it is one.
        NoCommand = "no-command", "no command was sent to the drive";
        OtherCommand = "other-command", "the command that was sent is not the technique's";
        NotAllOfIt = "not-all-of-it",
            "an erase by the drive reaches all of it, and something else was named";
        NotCounted { technique: &'static str, method: ByName } = "not-counted",
            "{technique} does not count as {method} on this medium";
        KeysOfUnknown = "keys-of-unknown",
            "keys were destroyed, and nobody says that all data was always encrypted with them";

        // How it ended.
        Rejected { detail: String } = "rejected",
            "the drive rejected the command and changed nothing by it: {detail}";
        Frozen = "frozen", "the drive is frozen against sanitizing, and rejected the command for that";
        NotSent { detail: String } = "not-sent", "the command never reached the drive: {detail}";
        Unclear { detail: String } = "unclear",
            "the drive's answer does not say whether it began the erase ({detail}), and nothing that it showed since tells that it is this \
             command's; what the drive did is not known";
        NotAccepted = "not-accepted",
            "the drive is not known to have accepted the command; what the drive did is not known";
        NotSeenRunning = "not-seen-running",
            "a success without having been seen running; what the drive did is not known";
        NotCredible = "not-credible",
            "the drive reported success at once, which nothing it says of itself makes credible";
        DeallocatedAndRead = "deallocated-and-read",
            "the drive deallocated its blocks, and they were read as if that proved something";
        EraseFailed { detail: String } = "erase-failed", "the erase failed: {detail}";
        Stalled { seconds: u64 } = "stalled", "the erase stands still since {seconds} seconds";
        Stale = "stale", "the drive shows a success that can be an older one's; it was not seen running";
        Foreign = "foreign", "the drive shows the success of another command than ours";
        NotRun = "not-run",
            "the drive accepted the command and shows no trace of it; what the drive did is not known";
        BrokenChain { resets: String } = "broken-chain",
            "the drive was reset in between ({resets}) and was not seen running since; what the drive did is not known";
        LeftRunning { cause: String } = "left-running",
            "stopped by {cause}; the drive goes on erasing by itself, which can't be stopped";

        // What is seen after a success of the drive's.
        Erased { technique: &'static str } = "erased",
            "the drive accepted {technique}, reported its success, and every marked block is gone";
        ErasedAtOnce { technique: &'static str } = "erased-at-once",
            "the drive accepted {technique}, reported its success, at the first look, and every marked block is gone";
        BlocksLost { lost: u64 } = "blocks-lost",
            "the drive reports success, and {lost} of the blocks looked at could not be read back";
        NoneMarked = "none-marked", "no block was marked before the erase, so its effect can't be seen";
        MarksSurvived { survived: u64, written: u64 } = "marks-survived",
            "the drive reports success, and {survived} of {written} blocks marked before still hold what was written";
        SameAsBefore { same: u64 } = "same-as-before",
            "the drive reports success, and {same} blocks still hold what they held before";
        ReadsNotAskedFor = "reads-not-asked-for",
            "the drive reports success; but for the marked blocks nothing was read back because asked so";
        ReadsProveNothing = "reads-prove-nothing",
            "the drive reports success, and what reading its blocks gives proves nothing: they were deallocated, or must be written \
             before they can be read";
        NoMarkTaken = "no-mark-taken",
            "the drive reports success; it took no marked block before (it was in failure mode, or broken), so its effect can't be \
             seen. Wiping it again can show it";
        NotCompared = "not-compared",
            "the drive reports success and every marked block is gone; what it held before could not be compared, since the \
             session that read it was cut off";
        ReadBeforeMissing = "read-before-missing", "not every block that was read before is accounted for";
        MarkedMissing = "marked-missing", "not every block that was marked is accounted for";
        ComparedMissing = "compared-missing",
            "the blocks that were to be compared are not accounted for";
        TooFewCompared = "too-few-compared",
            "the drive reports success; too few blocks took a mark or held anything before, so too little can be compared";
        OnlyASample = "only-a-sample",
            "the drive reports success; a full readback was asked for, and what this erase leaves can't be foreseen, so only \
             a sample could be compared";
        OthersInSamples = "others-in-samples",
            "the drive reports success; a full readback was asked for, and the drive's other devices were only looked at in samples";
        ExpectedUnclear = "expected-unclear",
            "what was expected of the blocks is not said, or said where nothing is expected";
    }
}
