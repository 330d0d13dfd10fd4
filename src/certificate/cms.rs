//! Detached CMS signatures (RFC 5652): made and verified.
