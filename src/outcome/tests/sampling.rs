//! The sampling plan: what it draws, and that its bounds hold.

use std::process::Command;

use proptest::prelude::*;

use crate::media::ByteRange;
use crate::outcome::{SamplingPlan, most_cells_missed};

fn seed(number: u64) -> [u8; 16] {
    let mut seed = [0xa5; 16];
    seed[..8].copy_from_slice(&number.to_le_bytes());
    seed
}

/// Runs the script of docs/sampling.md.
fn independent(seed: [u8; 16], bytes: u64, block: u32) -> Vec<ByteRange> {
    let page = include_str!("../../../docs/sampling.md");
    let script = page.split("```python\n").nth(1).and_then(|rest| rest.split("```").next()).unwrap();
    let seed: String = seed.iter().map(|byte| format!("{byte:02x}")).collect();
    let output =
        Command::new("python3").args(["-c", script, &seed, &bytes.to_string(), &block.to_string()]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let numbers = |line: &str| line.split(' ').map(|number| number.parse().unwrap()).collect::<Vec<u64>>();
    let range = |line| ByteRange::new(numbers(line)[0], numbers(line)[1]);
    String::from_utf8(output.stdout).unwrap().lines().map(range).collect()
}

#[test]
fn python_and_openssl_draw_the_same_plan() {
    if !crate::skip::programs(&["python3", "openssl"]) {
        return;
    }
    let cases = [
        (10_240_000, 512),
        (10_240_000 + 512 * 777, 512),
        (256 << 20, 512),
        (256 << 20, 4096),
        (64_000_000_000, 512),
        (1_000_204_886_016, 512),
        (20_000_588_955_648, 4096),
    ];
    for (number, (bytes, block)) in (0..).zip(cases) {
        let plan = SamplingPlan::new(seed(number), bytes, block).unwrap();
        let (ours, theirs) = (plan.ranges().collect::<Vec<_>>(), independent(seed(number), bytes, block));
        assert!(ours == theirs, "{bytes} bytes in blocks of {block}");
    }
}

#[test]
fn a_scope_below_20_000_blocks_has_no_plan() {
    assert!(SamplingPlan::new(seed(1), 19_999 * 512, 512).is_none());
    assert!(SamplingPlan::new(seed(1), 20_000 * 512, 512).is_some());
    assert!(SamplingPlan::new(seed(1), 20_000 * 512 + 1, 512).is_none(), "not made of logical blocks");
    assert!(SamplingPlan::new(seed(1), 1 << 40, 0).is_none());
    assert!(SamplingPlan::new(seed(1), u64::MAX / 4096 * 4096, 4096).is_some());
}

#[test]
fn every_cell_is_as_likely_as_any_other() {
    let (seeds, bytes) = (400u64, 20_000 * 512);
    let mut counts = [0u64; 20];
    for number in 0..seeds {
        let plan = SamplingPlan::new(seed(number), bytes, 512).unwrap();
        assert_eq!((plan.subsections(), plan.cells(), plan.cells_drawn()), (1_000, 20_000, 2_000));
        for subsection in 0..1_000 {
            let drawn: Vec<u64> = (0..20).filter(|cell| plan.is_drawn(subsection * 20 + cell)).collect();
            assert_eq!(drawn.len(), 2, "two of twenty, without replacement");
            drawn.into_iter().for_each(|cell| counts[usize::try_from(cell).unwrap()] += 1);
        }
    }
    // Binomial of 400,000 at 10 %: a standard deviation of 190; five of them.
    for (cell, count) in counts.into_iter().enumerate() {
        assert!(count.abs_diff(40_000) < 950, "cell {cell} was drawn {count} times in 400,000");
    }
}

#[test]
fn another_seed_draws_another_plan() {
    let ranges = |number| SamplingPlan::new(seed(number), 1 << 30, 512).unwrap().ranges().collect::<Vec<_>>();
    assert!(ranges(1) == ranges(1) && ranges(1) != ranges(2));
}

#[test]
fn at_most_28_cells_at_95_percent_and_43_at_99() {
    assert_eq!((most_cells_missed(95), most_cells_missed(99)), (28, 43));
    // By trial: the bad cells where they are missed most easily, one to a subsection.
    let missed = |cells: u64| {
        let seeds = 4_000;
        let all_missed = |number: &u64| {
            let plan = SamplingPlan::new(seed(*number), 20_000 * 512, 512).unwrap();
            (0..cells).all(|n| !plan.is_drawn(n * 33 * 20 + (n * 7) % 20))
        };
        (0..seeds).filter(all_missed).count() as f64 / seeds as f64
    };
    // 0.9^28 = 0.0523, 0.9^22 = 0.098: within four standard deviations of 4,000 trials.
    assert!((missed(28) - 0.0523).abs() < 0.0141, "{}", missed(28));
    assert!((missed(22) - 0.0985).abs() < 0.0189, "{}", missed(22));
}

/// P(all of `bad` cells of one subsection escape a draw of 2 of 20).
fn escape(bad: u64) -> f64 {
    let left = 20u64.saturating_sub(bad);
    (left * left.saturating_sub(1) / 2) as f64 / 190.0
}

/// The best chance that `cells` bad cells have to escape, over every way to spread them, at most `most` to a subsection.
fn best_escape(cells: u64, most: u64) -> f64 {
    match (cells, most) {
        (0, _) => 1.0,
        (_, 0) => 0.0,
        _ => (1..=most.min(cells)).map(|first| escape(first) * best_escape(cells - first, first)).fold(0.0, f64::max),
    }
}

#[test]
fn no_way_to_spread_bad_cells_escapes_better_than_the_bound_assumes() {
    for cells in 1..=30 {
        let assumed = 0.9f64.powi(i32::try_from(cells).unwrap());
        assert!((best_escape(cells, 20) - assumed).abs() < 1e-12, "{cells} cells");
    }
    for confidence in [95, 99] {
        let (bound, doubt) = (most_cells_missed(confidence), 1.0 - f64::from(confidence) / 100.0);
        assert!(0.9f64.powi(i32::try_from(bound).unwrap()) > doubt);
        assert!(0.9f64.powi(i32::try_from(bound + 1).unwrap()) <= doubt);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_plan_is_in_order_within_the_scope_and_leaves_no_long_gap(
        number: u64, blocks in prop_oneof![20_000u64..60_000, 20_000u64..1 << 33], shift in 9u32..17,
    ) {
        let block = 1u32 << shift;
        let bytes = blocks * u64::from(block);
        let plan = SamplingPlan::new(seed(number), bytes, block).unwrap();
        prop_assert!((1_000..=100_000).contains(&plan.subsections()), "{} subsections", plan.subsections());
        let (mut end, mut gap, mut total) = (0, 0, 0);
        for range in plan.ranges() {
            prop_assert!(range.bytes > 0 && range.first_byte >= end, "{:?} after {}", range, end);
            prop_assert!(range.first_byte % u64::from(block) == 0 && range.bytes % u64::from(block) == 0);
            gap = gap.max(range.first_byte - end);
            end = range.end();
            total += range.bytes;
        }
        prop_assert_eq!((end, total), (bytes, plan.bytes()));
        prop_assert_eq!(plan.ranges().next().map(|range| range.first_byte), Some(0));
        // Residue longer than 1.8/S of the scope can't lie in a gap, wherever it lies.
        prop_assert!(gap as f64 <= 1.8 * bytes as f64 / plan.subsections() as f64, "a gap of {} bytes", gap);
        prop_assert!(total * 10 >= bytes && plan.cells_drawn() * plan.cell_bytes() * 10 == plan.cells() * plan.cell_bytes());
        prop_assert!(bytes - plan.cells() * plan.cell_bytes() < 20 * plan.cell_bytes(), "the tail is below a subsection");
    }
}
