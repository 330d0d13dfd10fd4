//! The questions of `case init`, for those who need not know TOML.

use std::io::{BufRead, Read};
use std::path::PathBuf;

use jiff::civil::Date;

use crate::case::{Answers, numbers};
use crate::conformity::{Category, Language, Location, Party, Profile, System};
use crate::problem::Problem;
use crate::words;

/// More than any answer needs, in bytes.
const LONGEST: u64 = 4096;
/// More of one kind than a person types.
const MOST: usize = 1000;

/// Questions on a terminal, and the language that they are asked in.
pub struct Questions<'a> {
    input: &'a mut dyn BufRead,
    say: &'a mut dyn FnMut(&str),
    language: Language,
}

impl<'a> Questions<'a> {
    /// Questions that are put with `say` and answered on `input`.
    pub fn new(input: &'a mut dyn BufRead, say: &'a mut dyn FnMut(&str)) -> Self {
        Questions { input, say, language: Language::En }
    }

    /// The language: as `given`, or asked for in all three.
    pub fn language(&mut self, given: Option<Language>) -> Result<Language, Problem> {
        const ALL: [(Language, &str); 3] =
            [(Language::Da, "Dansk"), (Language::Sv, "Svenska"), (Language::En, "English")];
        self.language = match given {
            Some(language) => language,
            None => {
                let names: Vec<String> = ALL.iter().map(|(_, name)| (*name).into()).collect();
                let chosen = self.choice("Sprog / Språk / Language", &names)?;
                ALL.get(chosen).map_or(Language::En, |(language, _)| *language)
            }
        };
        let intro = self.word("ask-intro");
        (self.say)(&format!("\n{intro}\n"));
        Ok(self.language)
    }

    /// What the case is about: as `given`, or asked for.
    pub fn profile(&mut self, given: Option<Profile>) -> Result<Profile, Problem> {
        const ALL: [Profile; 4] = [Profile::ContractEnd, Profile::Repair, Profile::Disposal, Profile::AssignmentEnd];
        if let Some(profile) = given {
            return Ok(profile);
        }
        let names = ALL.map(|profile| words::profile(self.language, profile));
        let chosen = self.choice(&self.word("ask-profile"), &names)?;
        Ok(ALL.get(chosen).copied().unwrap_or(Profile::ContractEnd))
    }

    /// Everything else.
    pub fn answers(&mut self, profile: Profile) -> Result<Answers, Problem> {
        let contract = profile == Profile::ContractEnd;
        let person = profile == Profile::AssignmentEnd;
        let mut answers = Answers::default();
        self.headline("ask-controller");
        answers.controller = self.party(true)?;
        self.headline(if person { "ask-person" } else { "ask-processor" });
        // A person's number is a personal number, which nobody needs here.
        answers.processor = self.party(!person)?;
        self.headline(if contract { "ask-main" } else { "ask-agreement" });
        answers.main_title = self.text("ask-title")?;
        if contract || !answers.main_title.is_empty() {
            answers.main_date = self.date("ask-date", None)?;
        }
        if contract {
            answers.main_reference = Some(self.text("ask-reference")?).filter(|text| !text.is_empty());
            self.headline("ask-processing");
            answers.processing_title = self.text("ask-title")?;
            answers.processing_date = self.date("ask-date", None)?;
            let latest = answers.main_date.max(answers.processing_date);
            answers.end = self.date("ask-end", latest)?;
            self.annexes(&mut answers)?;
        } else if person {
            answers.end = self.date("ask-end-assignment", answers.main_date)?;
        }
        Ok(answers)
    }

    /// A file that is not there yet.
    pub fn file(&mut self) -> Result<PathBuf, Problem> {
        let default = self.word("ask-file-default");
        let question = words::text_with(self.language, "ask-file", &[("default", &default)]);
        self.until(&question, |language, answer| {
            let name = if answer.is_empty() { &default } else { answer };
            let path = PathBuf::from(name);
            // A link that leads nowhere is there too.
            match path.symlink_metadata() {
                Ok(_) => Err(words::text_with(language, "ask-wrong-file", &[("file", name)])),
                Err(_) => Ok(path),
            }
        })
    }

    fn annexes(&mut self, answers: &mut Answers) -> Result<(), Problem> {
        self.headline("ask-systems");
        for number in 1..=MOST {
            let name = self.text("ask-system")?;
            if name.is_empty() {
                break;
            }
            let environment = self.text("ask-environment")?;
            let categories = self.categories()?;
            answers.systems.push(System { id: format!("s{number}"), name, environment, categories });
        }
        self.headline("ask-locations");
        for number in 1..=MOST {
            let address = self.text("ask-location")?;
            if address.is_empty() {
                break;
            }
            answers.locations.push(Location { id: format!("l{number}"), address, country: self.country()? });
        }
        self.headline("ask-subprocessors");
        for number in 1..=MOST {
            let name = self.text("ask-subprocessor")?;
            if name.is_empty() {
                break;
            }
            let party = self.rest_of_party(name, true)?;
            answers.subprocessors.push((format!("u{number}"), party));
        }
        Ok(())
    }

    fn party(&mut self, numbered: bool) -> Result<Party, Problem> {
        let name = self.text("ask-name")?;
        self.rest_of_party(name, numbered)
    }

    fn rest_of_party(&mut self, name: String, numbered: bool) -> Result<Party, Problem> {
        let address = self.text("ask-address")?;
        let country = self.country()?;
        let number = if numbered { self.number(&country)? } else { String::new() };
        Ok(Party { name, address, country, number })
    }

    fn country(&mut self) -> Result<String, Problem> {
        let default = if self.language == Language::Sv { "SE" } else { "DK" };
        let question = words::text_with(self.language, "ask-country", &[("default", default)]);
        self.until(&question, |language, answer| {
            let country = if answer.is_empty() { default.into() } else { answer.to_ascii_uppercase() };
            match country.len() == 2 && country.bytes().all(|byte| byte.is_ascii_uppercase()) {
                true => Ok(country),
                false => Err(words::text(language, "ask-wrong-country")),
            }
        })
    }

    fn number(&mut self, country: &str) -> Result<String, Problem> {
        let (question, wrong) = match country {
            "DK" => ("ask-number-dk", "ask-wrong-number-dk"),
            "SE" => ("ask-number-se", "ask-wrong-number-se"),
            _ => ("ask-number-other", "ask-wrong-text"),
        };
        self.until(&self.word(question), |language, answer| {
            // As people write it: 12 34 56 78.
            let number: String = answer.chars().filter(|c| *c != ' ').collect();
            match numbers::fault(country, &number) {
                None => Ok(number),
                Some(_) => Err(words::text(language, wrong)),
            }
        })
    }

    fn date(&mut self, question: &str, not_before: Option<Date>) -> Result<Option<Date>, Problem> {
        self.until(&self.word(question), |language, answer| {
            if answer.is_empty() {
                return Ok(None);
            }
            let date: Date = answer.parse().map_err(|_| words::text(language, "ask-wrong-date"))?;
            match not_before.filter(|earlier| date < *earlier) {
                Some(earlier) => Err(words::text_with(language, "ask-wrong-end", &[("date", &earlier.to_string())])),
                None => Ok(Some(date)),
            }
        })
    }

    fn categories(&mut self) -> Result<Vec<Category>, Problem> {
        const ALL: [Category; 4] = [Category::General, Category::Special, Category::Criminal, Category::NationalId];
        let names = ALL.map(|category| words::category(self.language, category));
        let question = listed(&self.word("ask-categories"), &names, &self.word("ask-choose-many"));
        self.until(&question, |language, answer| {
            let chosen = answer.split([',', ' ']).filter(|part| !part.is_empty());
            let mut categories = Vec::new();
            for part in chosen {
                let at = part.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
                match at.and_then(|at| ALL.get(at)) {
                    Some(category) if categories.contains(category) => {}
                    Some(category) => categories.push(*category),
                    None => return Err(words::text(language, "ask-wrong-choice")),
                }
            }
            Ok(categories)
        })
    }

    /// One of `names`, by its place.
    fn choice(&mut self, question: &str, names: &[String]) -> Result<usize, Problem> {
        let question = listed(question, names, &self.word("ask-choose"));
        self.until(&question, |language, answer| {
            let at = answer.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
            at.filter(|at| *at < names.len()).ok_or_else(|| words::text(language, "ask-wrong-choice"))
        })
    }

    fn text(&mut self, question: &str) -> Result<String, Problem> {
        self.until(&self.word(question), |_, answer| Ok(answer.into()))
    }

    fn headline(&mut self, key: &str) {
        let headline = self.word(key);
        (self.say)(&format!("\n=== {headline} ===\n"));
    }

    fn word(&self, key: &str) -> String {
        words::text(self.language, key)
    }

    /// Asks until `take` takes the answer; what it says instead is shown.
    fn until<T>(
        &mut self,
        question: &str,
        mut take: impl FnMut(Language, &str) -> Result<T, String>,
    ) -> Result<T, Problem> {
        loop {
            (self.say)(&format!("{question}\n> "));
            let line = self.line()?;
            let said = match std::str::from_utf8(&line) {
                Ok(answer) if !answer.trim().contains(char::is_control) => match take(self.language, answer.trim()) {
                    Ok(taken) => return Ok(taken),
                    Err(said) => said,
                },
                _ => self.word("ask-wrong-text"),
            };
            (self.say)(&format!("{said}\n"));
        }
    }

    fn line(&mut self) -> Result<Vec<u8>, Problem> {
        let again = "Nothing was written. Run the command again, or name a file and --profile for a form to fill in.";
        let mut line = Vec::new();
        Read::take(&mut *self.input, LONGEST)
            .read_until(b'\n', &mut line)
            .map_err(|e| Problem::error(format!("the answer can't be read: {e}"), again))?;
        if line.pop_if(|byte| *byte == b'\n').is_none() {
            (self.say)("\n");
            let what =
                if line.is_empty() { "the input ended before the last question" } else { "the answer is too long" };
            return Err(Problem::error(what, again));
        }
        Ok(line)
    }
}

/// A question with numbered answers.
fn listed(question: &str, names: &[String], how: &str) -> String {
    let list: Vec<_> = names.iter().enumerate().map(|(at, name)| format!("  {} {name}", at + 1)).collect();
    format!("{question}\n{}\n{how}", list.join("\n"))
}

#[cfg(test)]
mod tests;
