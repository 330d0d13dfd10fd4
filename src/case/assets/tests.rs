#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

use proptest::prelude::*;

use super::*;

fn parse(bytes: &[u8], columns: &[&str]) -> Result<AssetList, Problem> {
    let columns: Vec<Column> = columns.iter().map(|text| text.parse().unwrap()).collect();
    AssetList::parse(bytes, "l.csv", &columns)
}

fn wrong(bytes: &[u8], columns: &[&str], words: &str) {
    let problem = parse(bytes, columns).unwrap_err();
    assert!(problem.what.contains(words) && !problem.todo.is_empty(), "{problem:?}");
    assert_eq!(problem.kind, crate::problem::Kind::Error);
}

#[test]
fn lists_are_read_with_each_delimiter_with_and_without_a_mark() {
    for delimiter in [";", ",", "\t"] {
        for mark in ["", "\u{feff}"] {
            let text =
                format!("{mark}Nr,Serie nr,Note\r\n1,\"S\"\"1\",x\r\n,,\r\n\r\n 2 , S2 ,\r\n").replace(',', delimiter);
            let list = parse(text.as_bytes(), &["asset=Nr", "serial=serie NR"]).unwrap();
            let got: Vec<_> = list.assets.iter().map(|a| (a.line, a.asset.as_deref(), a.serial.as_deref())).collect();
            assert_eq!(got, [(2, Some("1"), Some("S\"1")), (5, Some("2"), Some("S2"))], "{text:?}");
        }
    }
    let list = parse(b"a,b;c\n1;2\n", &["asset=a,b", "serial=c"]).unwrap();
    assert_eq!(list.assets[0].serial.as_deref(), Some("2"));
}

#[test]
fn days_are_read_where_day_and_month_can_be_told() {
    for (text, day) in [
        ("2026-01-02", "2026-01-02"),
        ("02-01-2026", "2026-01-02"),
        ("2.1.2026", "2026-01-02"),
        ("2026-01-02T00:00:00+01:00", "2026-01-01T23:00:00Z"),
    ] {
        let list = parse(format!("n;d\n1;{text}\n").as_bytes(), &["asset=n", "last_used=d"]).unwrap();
        assert_eq!(list.assets[0].last_used.unwrap().to_string(), day);
    }
    for text in ["02/01/2026", "31-02-2026", "2-1-26", "soon", "1-1-1-2026", "2026-01-02T00:00:00"] {
        wrong(format!("n;d\n1;{text}\n").as_bytes(), &["asset=n", "last_used=d"], "l.csv:2: column \"d\"");
    }
}

#[test]
fn what_is_no_list_is_named() {
    wrong(b"\xff\xfen\0", &["asset=n"], "UTF-16");
    wrong(b"PK\x03\x04zip", &["asset=n"], "spreadsheet");
    wrong(b"n\nS\xf8ren\n", &["asset=n"], "l.csv:2: not UTF-8");
    wrong(b"n\n\0\n", &["asset=n"], "zero bytes");
    wrong(b"", &["asset=n"], "no column");
    wrong(b"n\n", &["asset=n"], "nothing below its header");
    wrong(b"n;m\n1;2\n", &["asset=x"], "l.csv:1: the header has no column \"x\"");
    wrong(b"n;m\n1;2;3\n", &["asset=n"], "l.csv:2: the line has 3 columns, and the header 2");
    wrong(b"n;m\n1;2\n;3\n", &["asset=n"], "l.csv:3: neither number nor serial number");
    wrong(b"n;n\n1;2\n", &["asset=n"], "several columns");
    wrong(b"n;N\n1;2\n", &["asset=n", "asset=N"], "two columns are given");
    wrong(b"n;m\n1;2\n", &["description=n"], "no column says which medium");
    assert!(parse(b"n;N\n1;2\n", &["asset=N"]).unwrap().assets[0].asset.as_deref() == Some("2"));
    for text in ["n", "colour=n", "asset=", "=n"] {
        assert!(text.parse::<Column>().is_err(), "{text}");
    }
}

proptest! {
    #[test]
    fn every_cell_comes_back_whatever_is_in_it(cells in prop::collection::vec(("[!-~æøå;, \"\n]{1,12}", "\\PC{0,8}"), 1..8), delimiter in prop::sample::select(vec![b';', b',', b'\t'])) {
        let cells: Vec<_> = cells.into_iter().filter(|(a, _)| !a.trim().is_empty()).collect();
        prop_assume!(!cells.is_empty());
        let mut writer = csv::WriterBuilder::new().delimiter(delimiter).from_writer(Vec::new());
        writer.write_record(["Number", "Text of it"]).unwrap();
        cells.iter().for_each(|(a, b)| writer.write_record([a, b]).unwrap());
        let bytes = writer.into_inner().unwrap();
        let list = parse(&bytes, &["asset=Number", "description=Text of it"]).unwrap();
        let some = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        prop_assert_eq!(list.assets.len(), cells.len());
        for (asset, (a, b)) in list.assets.iter().zip(&cells) {
            prop_assert_eq!((&asset.asset, &asset.description), (&some(a), &some(b)));
        }
    }
}
