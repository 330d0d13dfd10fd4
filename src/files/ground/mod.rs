//! The filesystem that files lie on: its kind and options, its block device and the layers below, and what it permits to be proved.
