//! NVMe Format NVM with a secure erase (NVM Command Set Specification 1.0, Format NVM command): answered only when it is done, so it is
//! sent on a thread of its own, and followed by what the namespace tells of itself meanwhile. It survives no loss of power, and nothing
//! tells afterwards that it ended well but the answer.

use std::sync::mpsc::{Receiver, RecvTimeoutError, TryRecvError, channel};
use std::time::Duration;

use super::answer::{changed_nothing, taken_away};
use super::drive::{Before, Erase, Start};
use super::exchange::of_nvme;
use super::watch::Look;
use crate::device::{NvmeAnswer, Reply, Transport};
use crate::media::{FormatSupport, Namespaces, TechniqueId};
use crate::outcome::Exchange;
use crate::wire::nvme::{ALL_NAMESPACES, Admin, Namespace, SecureErase, Status, format_nvm, identify_namespace};

/// When the kernel gives the command up and resets the controller, which would break it off.
const PATIENCE: Duration = Duration::from_secs(7 * 24 * 60 * 60);
/// The same for questions.
const QUESTION: Duration = Duration::from_secs(60);
/// A controller that rejects a command does so at once: how long that is waited for.
const AT_ONCE: Duration = Duration::from_secs(2);

/// Format In Progress.
const FORMAT_IN_PROGRESS: Status = Status::new(0x84);

/// What became of the command.
enum Sent {
    NotYet,
    /// On its thread.
    Out(Receiver<Reply<NvmeAnswer>>),
    Back(Reply<NvmeAnswer>),
}

/// One format.
pub struct Format {
    erase: SecureErase,
    /// Whom it is sent to.
    nsid: u32,
    own: u32,
    /// Those that it reaches, as far as they are active here.
    reached: Vec<u32>,
    /// What these were like before, in the same order.
    shapes: Vec<Shape>,
    current: Option<Namespace>,
    spare: Option<Box<dyn Transport>>,
    sent: Sent,
    /// The namespace said that it is being formatted.
    ran: bool,
    command: Option<Admin>,
    before: Option<Exchange>,
    started: Option<Exchange>,
    last: Option<Exchange>,
}

/// What a format must leave as it is: blocks, format, metadata and protection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Shape {
    blocks: u64,
    format: (u32, u16),
    metadata_in_block: bool,
    protection: (u8, bool),
}

impl Shape {
    fn of(namespace: &Namespace) -> Self {
        Shape {
            blocks: namespace.blocks,
            format: (namespace.lba.data_bytes, namespace.lba.metadata_bytes),
            metadata_in_block: namespace.metadata_in_block,
            protection: (namespace.protection, namespace.protection_first),
        }
    }

    /// Whether the same numbers of format, metadata and protection give both.
    fn is_formatted_as(&self, other: &Shape) -> bool {
        Shape { blocks: other.blocks, ..*self } == *other
    }
}

impl Format {
    /// The format that `technique` means; `None` for a technique of another kind, or without Format NVM. It is sent to all namespaces at
    /// once where there are several and the controller allows that.
    pub fn new(
        technique: TechniqueId,
        support: FormatSupport,
        namespaces: &Namespaces,
        spare: Box<dyn Transport>,
    ) -> Option<Self> {
        let erase = match technique {
            TechniqueId::NvmeFormatCrypto if support.crypto => SecureErase::Cryptographic,
            TechniqueId::NvmeFormatUser => SecureErase::UserData,
            _ => return None,
        };
        let broadcast = support.broadcast && namespaces.all.len() > 1;
        let reaches_all = broadcast || support.formats_all || support.erases_all;
        support.supported.then(|| Format {
            erase,
            nsid: if broadcast { ALL_NAMESPACES } else { namespaces.own },
            own: namespaces.own,
            reached: if reaches_all { namespaces.active.clone() } else { vec![namespaces.own] },
            shapes: Vec::new(),
            current: None,
            spare: Some(spare),
            sent: Sent::NotYet,
            ran: false,
            command: None,
            before: None,
            started: None,
            last: None,
        })
    }

    /// What became of the command by now.
    fn collect(&mut self) {
        let Sent::Out(road) = &self.sent else { return };
        let reply = match road.try_recv() {
            Ok(reply) => reply,
            Err(TryRecvError::Empty) => return,
            Err(TryRecvError::Disconnected) => lost(),
        };
        self.came_back(reply);
    }

    fn came_back(&mut self, reply: Reply<NvmeAnswer>) {
        self.started = self.command.as_ref().map(|command| of_nvme(command, &reply));
        self.sent = Sent::Back(reply);
    }

    /// Asks the own namespace how far it is: whether it says that it is being formatted, and how far, in 65536ths.
    fn progress(&mut self, transport: &mut dyn Transport) -> (bool, Option<u16>) {
        let (exchange, found) = identify(transport, self.own);
        self.last = Some(exchange);
        let left = match found {
            Reply::Answer(Ok(namespace)) => namespace.format_percent_left.filter(|left| *left <= 100),
            Reply::Answer(Err(Unread::Formatting)) => return (true, None),
            // Not every controller answers meanwhile.
            _ => None,
        };
        let done = |left: u8| u16::try_from((100 - u32::from(left)) * 65535 / 100).unwrap_or(u16::MAX);
        (left.is_some_and(|left| left > 0), left.map(done))
    }

    /// After success: whether every namespace is what it was.
    fn checked(&mut self, transport: &mut dyn Transport) -> Reply<Look> {
        for (nsid, before) in self.reached.clone().into_iter().zip(self.shapes.clone()) {
            let (exchange, found) = identify(transport, nsid);
            self.last = Some(exchange);
            let now = match found {
                Reply::NotSent { detail } => return Reply::NotSent { detail },
                Reply::Unknown { detail } | Reply::Answer(Err(Unread::Because(detail))) => {
                    return Reply::Unknown { detail };
                }
                Reply::Answer(Err(Unread::Formatting)) => return Reply::Answer(Look::Running { progress: None }),
                Reply::Answer(Ok(namespace)) => Shape::of(&namespace),
            };
            if now != before {
                let detail = format!("namespace {nsid} was changed by the format: from {before:?} to {now:?}");
                return Reply::Answer(Look::Failed { detail });
            }
        }
        Reply::Answer(Look::Answered)
    }
}

impl Erase for Format {
    fn before(&mut self, transport: &mut dyn Transport) -> Reply<Before> {
        (self.current, self.shapes) = (None, Vec::new());
        for nsid in self.reached.clone() {
            let (exchange, found) = identify(transport, nsid);
            if nsid == self.own {
                self.before = Some(exchange);
            }
            let namespace = match found {
                Reply::NotSent { detail } => return Reply::NotSent { detail },
                Reply::Unknown { detail } => return Reply::Unknown { detail },
                Reply::Answer(Err(Unread::Because(detail))) => return Reply::Answer(Before::Unreadable { detail }),
                Reply::Answer(Err(Unread::Formatting)) => return busy(nsid),
                Reply::Answer(Ok(namespace)) => namespace,
            };
            if namespace.format_percent_left.is_some_and(|left| left > 0) {
                return busy(nsid);
            }
            if nsid == self.own {
                self.current = Some(namespace);
            }
            self.shapes.push(Shape::of(&namespace));
        }
        if self.current.is_none() {
            let detail = format!("namespace {} is not among the active ones", self.own);
            return Reply::Answer(Before::Unreadable { detail });
        }
        // One command gives all that it reaches one and the same format.
        if self.shapes.windows(2).any(|pair| matches!(pair, [one, other] if !one.is_formatted_as(other))) {
            let detail = "the namespaces that one Format reaches have different formats, and it would change them";
            return Reply::Answer(Before::Obstacle { detail: detail.into() });
        }
        Reply::Answer(Before::Ready { succeeded: false })
    }

    fn start(&mut self, _: &mut dyn Transport) -> Start {
        let not_sent = |detail: &str| Start::NotSent { detail: detail.into() };
        let (Some(current), Some(mut spare)) = (self.current, self.spare.take()) else {
            return not_sent("the namespace was not identified, or the command was sent before");
        };
        let command = format_nvm(self.nsid, &current, self.erase);
        self.command = Some(command.clone());
        let (answer, road) = channel();
        let thread = std::thread::Builder::new().name("format".into()).spawn(move || {
            // Nobody may wait for it any more; the drive has done it all the same.
            let _ = answer.send(spare.nvme(&command, PATIENCE));
        });
        if let Err(error) = thread {
            return not_sent(&format!("no thread could be started: {error}"));
        }
        let reply = match road.recv_timeout(AT_ONCE) {
            Ok(reply) => reply,
            Err(RecvTimeoutError::Disconnected) => lost(),
            Err(RecvTimeoutError::Timeout) => {
                let waiting = Reply::Unknown { detail: "not yet".into() };
                self.started = self.command.as_ref().map(|command| of_nvme(command, &waiting));
                self.sent = Sent::Out(road);
                return Start::Sent;
            }
        };
        let start = match &reply {
            Reply::NotSent { detail } => Start::NotSent { detail: detail.clone() },
            Reply::Unknown { detail } => Start::Unknown { detail: detail.clone() },
            Reply::Answer(answer) if answer.status.is_success() => Start::Accepted,
            Reply::Answer(answer) if changed_nothing(answer.status) => {
                Start::Rejected { detail: answer.status.to_string() }
            }
            Reply::Answer(answer) if taken_away(answer.status) => Start::Unknown { detail: answer.status.to_string() },
            Reply::Answer(_) => Start::Sent,
        };
        self.came_back(reply);
        start
    }

    fn look(&mut self, transport: &mut dyn Transport) -> Reply<Look> {
        self.collect();
        let reply = match &self.sent {
            // A session before sent it, and its answer went with that: only that it still runs can be seen.
            Sent::NotYet => {
                let (runs, progress) = self.progress(transport);
                return Reply::Answer(if runs { Look::Running { progress } } else { Look::Idle });
            }
            // A controller that does not tell how far it is may answer nothing until it is done, and would be reset for that.
            Sent::Out(_) if self.current.is_none_or(|namespace| namespace.format_percent_left.is_none()) => {
                return Reply::Answer(Look::Running { progress: None });
            }
            Sent::Out(_) => {
                let (runs, progress) = self.progress(transport);
                self.ran |= runs;
                return Reply::Answer(Look::Running { progress });
            }
            Sent::Back(reply) => reply,
        };
        let status = match reply {
            Reply::NotSent { detail } => return Reply::Answer(Look::NotSent { detail: detail.clone() }),
            Reply::Unknown { detail } => return Reply::Unknown { detail: detail.clone() },
            Reply::Answer(answer) => answer.status,
        };
        if status.is_success() {
            return self.checked(transport);
        }
        let detail = status.to_string();
        if taken_away(status) {
            return Reply::Unknown { detail };
        }
        Reply::Answer(if changed_nothing(status) { Look::Rejected { detail } } else { Look::Failed { detail } })
    }

    fn names_the_command(&self) -> bool {
        // None ran right before it was sent.
        self.ran
    }

    fn exchanges(&self) -> Vec<Exchange> {
        self.before.iter().chain(&self.started).chain(&self.last).cloned().collect()
    }
}

/// Why a namespace could not be identified.
enum Unread {
    Formatting,
    Because(String),
}

fn identify(transport: &mut dyn Transport, nsid: u32) -> (Exchange, Reply<Result<Namespace, Unread>>) {
    let command = identify_namespace(nsid);
    let reply = transport.nvme(&command, QUESTION);
    let exchange = of_nvme(&command, &reply);
    let found = reply.map(|answer| match answer.status {
        status if status.is(FORMAT_IN_PROGRESS) => Err(Unread::Formatting),
        status if status.is_success() => {
            Namespace::parse(&answer.data).map_err(|e| Unread::Because(format!("namespace {nsid}: {e}")))
        }
        status => Err(Unread::Because(format!("namespace {nsid}: {status}"))),
    });
    (exchange, found)
}

fn busy(nsid: u32) -> Reply<Before> {
    Reply::Answer(Before::Obstacle { detail: format!("namespace {nsid} is being formatted already") })
}

fn lost() -> Reply<NvmeAnswer> {
    Reply::Unknown { detail: "the thread that waited for the answer ended without one".into() }
}
