//! What a matrix or a guest program does with any drive.

use super::super::clock::Clock;
use super::super::faults::Fault;
use super::super::medium::Truth;
use super::{Gear, Outcome};

/// Any drive.
pub trait Machine {
    /// What every drive has.
    fn gear(&self) -> &Gear;
    /// The same, to change it.
    fn gear_mut(&mut self) -> &mut Gear;
    /// A fault is being put in: what the command set must do for it.
    fn installed(&mut self, fault: &Fault);
    /// The power goes.
    fn power_off(&mut self);
    /// The power comes back.
    fn power_on(&mut self);
    /// The host resets the drive: hardware reset, logical unit reset, controller reset.
    fn reset(&mut self);
    /// The surviving markers.
    fn truth(&self) -> Truth;
    /// What survives a power cut, as text.
    fn save(&self) -> Vec<u8>;
    /// Takes back what [`Machine::save`] gave; the drive has then just been switched on.
    ///
    /// # Errors
    /// What is missing or can't be read.
    fn load(&mut self, saved: &[u8]) -> Result<(), String>;

    /// Puts a fault in.
    fn inject(&mut self, fault: Fault) {
        let gear = self.gear_mut();
        match &fault {
            Fault::StaleSuccess => {
                gear.outcome = Outcome::Success;
                gear.untouched = false;
            }
            Fault::PlaintextBefore => {
                let all = 0..gear.medium.layout().blocks();
                // A store that fails leaves markers under the key; the truth then tells.
                let _ = gear.medium.store_in_the_clear(all);
            }
            _ => {}
        }
        self.installed(&fault);
        self.gear_mut().faults.0.push(fault);
    }

    /// The drive with a fault.
    fn with_fault(mut self, fault: Fault) -> Self
    where
        Self: Sized,
    {
        self.inject(fault);
        self
    }

    /// The connection is back.
    fn reconnect(&mut self) {
        let gear = self.gear_mut();
        gear.linked = true;
        gear.attention = true;
    }

    /// The time it lives in.
    fn clock(&self) -> Clock {
        self.gear().clock.clone()
    }
}
