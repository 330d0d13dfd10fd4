//! Random choices of a test, by a seed that a failing test prints and `RADERA_TEST_SEED` repeats.

/// xorshift64*: enough to draw moments and offsets.
pub struct Dice {
    pub seed: u64,
    state: u64,
}

impl Dice {
    /// From `RADERA_TEST_SEED`, else from the clock.
    pub fn new() -> Self {
        let seed = match std::env::var("RADERA_TEST_SEED") {
            Ok(text) => text.parse().expect("RADERA_TEST_SEED is a number"),
            Err(_) => {
                let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
                now.as_nanos() as u64
            }
        };
        Self::seeded(seed)
    }

    pub fn seeded(seed: u64) -> Self {
        Dice { seed, state: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1 }
    }

    pub fn draw(&mut self) -> u64 {
        self.state ^= self.state >> 12;
        self.state ^= self.state << 25;
        self.state ^= self.state >> 27;
        self.state.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.draw() % end
    }

    /// A number from `low` to `high`.
    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * (self.draw() >> 11) as f64 / (1u64 << 53) as f64
    }
}
