//! The four roles, with room for a signature by hand.

use super::block::{FINE, SMALL, STRONG};
use super::layout::{Cell, Look, Sheet, Table};
use super::say;
use crate::conformity::{Language, Person, Roles};

/// A table of the roles. `least`: height of a row, for a pen.
pub fn table(sheet: &mut Sheet, language: Language, roles: &Roles, least: f32) {
    let named = [
        ("operator", &roles.operator),
        ("verifier", &roles.verifier),
        ("signatory", &roles.signatory),
        ("receiver", &roles.receiver),
    ];
    let header = ["roles", "paper-name-and-authority", "paper-date-and-signature"].map(|key| say::text(language, key));
    let look = Look { least, ..Look::ROWS };
    let mut table = Table::new(sheet, look, &[0.2, 0.42, 0.38], &header, STRONG);
    for (key, person) in named {
        let who = match person {
            Some(person) => told(person),
            None => Cell::of(say::text(language, "not-named"), FINE),
        };
        let sign = Cell::of(say::text(language, "paper-sign-here"), FINE);
        table.row(vec![Cell::head(say::text(language, key), SMALL), who, sign]);
    }
}

fn told(person: &Person) -> Cell {
    let rest: Vec<&str> = [Some(person.title.as_str()), person.authority.as_deref()]
        .into_iter()
        .flatten()
        .filter(|text| !text.is_empty())
        .collect();
    Cell::of(person.name.clone(), STRONG).and(rest.join(", "), FINE)
}
