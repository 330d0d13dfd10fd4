//! The host's end of the way to the agent: orders out, frames in. What the frames are stands in `guest/src/bin/agent.rs`.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::process::{ChildStdin, ChildStdout};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};

/// What came back for one order.
#[derive(Debug)]
pub enum Frame {
    Up,
    Out(Vec<u8>),
    Err(Vec<u8>),
    End(i32),
}

type Takers = Arc<Mutex<Option<HashMap<String, Sender<Frame>>>>>;

/// The way to one guest.
pub struct Link {
    to: ChildStdin,
    takers: Takers,
    last: u32,
}

impl Link {
    /// Begins to listen; the frames that come unasked are in the receiver.
    pub fn over(to: ChildStdin, from: ChildStdout) -> (Link, Receiver<Frame>) {
        let (sender, unasked) = channel();
        let takers: Takers = Arc::new(Mutex::new(Some(HashMap::from([("0".to_string(), sender)]))));
        let others = Arc::clone(&takers);
        std::thread::spawn(move || {
            let mut from = BufReader::new(from);
            while let Some((id, frame)) = next(&mut from) {
                let last = matches!(frame, Frame::End(_));
                let mut takers = others.lock().unwrap();
                let Some(takers) = takers.as_mut() else { break };
                if takers.get(&id).is_some_and(|taker| taker.send(frame).is_err()) || last {
                    takers.remove(&id);
                }
            }
            // Whoever waits learns that nothing will come any more.
            *others.lock().unwrap() = None;
        });
        (Link { to, takers, last: 0 }, unasked)
    }

    /// Sends an order: the words of its line after the ID, and what follows the line. `None` where the guest is gone.
    pub fn order(&mut self, kind: &str, words: &str, body: &[&[u8]]) -> Option<Receiver<Frame>> {
        self.last += 1;
        let id = self.last.to_string();
        let (sender, receiver) = channel();
        self.takers.lock().unwrap().as_mut()?.insert(id.clone(), sender);
        let order = [format!("{kind} {id} {words}\n").as_bytes(), &body.concat()].concat();
        self.to.write_all(&order).and_then(|()| self.to.flush()).ok()?;
        Some(receiver)
    }
}

/// The next frame; `None` at the end, or where what comes is no frame.
fn next(from: &mut impl BufRead) -> Option<(String, Frame)> {
    let mut line = String::new();
    from.read_line(&mut line).ok().filter(|bytes| *bytes > 0)?;
    let words: Vec<&str> = line.split_whitespace().collect();
    let &[kind, id, length] = words.as_slice() else { return None };
    let mut data = vec![0; length.parse().ok()?];
    from.read_exact(&mut data).ok()?;
    let text = |data: Vec<u8>| String::from_utf8_lossy(&data).into_owned();
    let frame = match kind {
        "up" => Frame::Up,
        "out" => Frame::Out(data),
        "err" => Frame::Err(data),
        "end" => Frame::End(text(data).parse().ok()?),
        _ => return None,
    };
    Some((id.to_string(), frame))
}
