//! A reader of Python's pickles (<https://docs.python.org/3/library/pickletools.html>) that knows what a state dict of PyTorch is
//! made of and nothing else. A pickle can name any function of Python and have it called; here a name is looked up in a short list,
//! and what the few functions in it do is done by this code. What any other one would make stays a [`Value::Opaque`] with its name:
//! checkpoints keep their settings and scores beside the tensors.

use std::collections::HashMap;
use std::io::Read;

use super::plain::{byte, bytes, line, plain};
use super::rebuild;
use convscope_core::error::Fault;
use convscope_core::fault;

/// Steps of a pickle, more than that of any state dict has.
const MAX_STEPS: usize = 1 << 20;

/// The most memory that the values of a pickle may take beside one another, in bytes, about. A pickle can have a long value copied
/// again and again by a few bytes each.
const MAX_HELD: usize = 1 << 26;

/// A value's place in [`Pickle::values`].
pub(super) type Id = usize;

/// A value of Python's; what it holds are places, so that a value that holds itself is no danger.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    None,
    Bool(bool),
    Int(i64),
    /// A whole number beyond 64 bits, little-endian.
    Long(Vec<u8>),
    Float(f64),
    Text(String),
    Tuple(Vec<Id>),
    List(Vec<Id>),
    Dict(Vec<(Id, Id)>),
    /// A class or function: `module name`.
    Global(String),
    /// Product of a class or function, `module name`, that is not run.
    Opaque(String),
    Storage(super::Storage),
    Tensor(super::Tensor),
}

/// One pickle, read.
#[derive(Debug, Default)]
pub(super) struct Pickle {
    values: Vec<Value>,
    stack: Vec<Id>,
    marks: Vec<usize>,
    memo: HashMap<u32, Id>,
    /// Bytes that the values take.
    held: usize,
    root: Id,
}

impl Value {
    /// Bytes that the value takes beside its place.
    fn size(&self) -> usize {
        match self {
            Self::None | Self::Bool(_) | Self::Int(_) | Self::Float(_) => 0,
            Self::Long(bytes) => bytes.len(),
            Self::Text(text) | Self::Global(text) | Self::Opaque(text) => text.len(),
            Self::Tuple(parts) | Self::List(parts) => size_of_val(&parts[..]),
            Self::Dict(items) => size_of_val(&items[..]),
            Self::Storage(storage) => storage.key.len(),
            Self::Tensor(tensor) => {
                tensor.storage.key.len() + size_of_val(&tensor.shape[..]) + size_of_val(&tensor.stride[..])
            }
        }
    }
}

impl Pickle {
    /// Reads one pickle and not a byte more.
    pub(super) fn read(input: &mut impl Read) -> Result<Self, Fault> {
        let mut pickle = Self::default();
        for _ in 0..MAX_STEPS {
            if pickle.step(input)? {
                return Ok(pickle);
            }
        }
        Err(damaged(fault!("pickle-steps", "it takes too many steps")))
    }

    /// The value that the pickle is.
    pub(super) fn root(&self) -> &Value {
        self.get(self.root)
    }

    /// A value that another one holds.
    pub(super) fn get(&self, id: Id) -> &Value {
        &self.values[id]
    }

    /// All storages it speaks of.
    pub(super) fn storages(&self) -> impl Iterator<Item = &super::Storage> {
        self.values.iter().filter_map(|value| match value {
            Value::Storage(storage) => Some(storage),
            _ => None,
        })
    }

    fn push(&mut self, value: Value) -> Result<(), Fault> {
        self.held += value.size();
        if self.held > MAX_HELD {
            return Err(damaged(fault!("pickle-memory", "it asks for more memory than any dict of tensors")));
        }
        self.values.push(value);
        self.stack.push(self.values.len() - 1);
        Ok(())
    }

    /// The topmost value, taken off, if it lies over the last mark.
    fn pop(&mut self) -> Result<Id, Fault> {
        let bottom = self.marks.last().copied().unwrap_or(0);
        if self.stack.len() <= bottom {
            return Err(missing());
        }
        self.stack.pop().ok_or_else(missing)
    }

    fn top(&self) -> Result<Id, Fault> {
        self.stack.last().copied().ok_or_else(missing)
    }

    /// The values since the last mark, taken off with it.
    fn since_mark(&mut self) -> Result<Vec<Id>, Fault> {
        let mark = self.marks.pop().ok_or_else(|| damaged(fault!("pickle-mark", "a mark is missing")))?;
        Ok(self.stack.split_off(mark.min(self.stack.len())))
    }

    fn tuple(&mut self, length: usize) -> Result<(), Fault> {
        let mut parts = (0..length).map(|_| self.pop()).collect::<Result<Vec<_>, _>>()?;
        parts.reverse();
        self.push(Value::Tuple(parts))
    }

    fn append(&mut self, parts: Vec<Id>) -> Result<(), Fault> {
        let list = self.top()?;
        match &mut self.values[list] {
            Value::List(list) => list.extend(parts),
            Value::Opaque(_) => {}
            _ => return Err(damaged(fault!("pickle-no-list", "it appends to what is no list"))),
        }
        Ok(())
    }

    fn set(&mut self, parts: &[Id]) -> Result<(), Fault> {
        let dict = self.top()?;
        match &mut self.values[dict] {
            Value::Dict(dict) if parts.len().is_multiple_of(2) => {
                dict.extend(parts.chunks_exact(2).map(|pair| (pair[0], pair[1])));
            }
            Value::Opaque(_) => {}
            _ => return Err(damaged(fault!("pickle-no-dict", "it sets an item of what is no dict"))),
        }
        Ok(())
    }

    fn remember(&mut self, key: u32) -> Result<(), Fault> {
        let top = self.top()?;
        self.memo.insert(key, top);
        Ok(())
    }

    fn recall(&mut self, key: u32) -> Result<(), Fault> {
        let id =
            self.memo.get(&key).ok_or_else(|| damaged(fault!("pickle-unseen", "it recalls what it has not seen")))?;
        self.stack.push(*id);
        Ok(())
    }

    /// Takes one step; true at the end. The codes are those of Python's `pickle.py`.
    fn step(&mut self, input: &mut impl Read) -> Result<bool, Fault> {
        match byte(input)? {
            0x80 => {
                byte(input)?;
            }
            0x95 => {
                bytes::<8>(input)?;
            }
            b'.' => {
                self.root = self.pop()?;
                return Ok(true);
            }
            b'(' => self.marks.push(self.stack.len()),
            b')' => self.push(Value::Tuple(vec![]))?,
            b't' | 0x91 => {
                let parts = self.since_mark()?;
                self.push(Value::Tuple(parts))?;
            }
            code @ 0x85..=0x87 => self.tuple(usize::from(code - 0x84))?,
            // A set's order is nothing that a tensor needs.
            b']' | 0x8f => self.push(Value::List(vec![]))?,
            b'a' => {
                let part = self.pop()?;
                self.append(vec![part])?;
            }
            b'e' | 0x90 => {
                let parts = self.since_mark()?;
                self.append(parts)?;
            }
            b'}' => self.push(Value::Dict(vec![]))?,
            b's' => {
                let (value, key) = (self.pop()?, self.pop()?);
                self.set(&[key, value])?;
            }
            b'u' => {
                let parts = self.since_mark()?;
                self.set(&parts)?;
            }
            b'N' => self.push(Value::None)?,
            0x88 => self.push(Value::Bool(true))?,
            0x89 => self.push(Value::Bool(false))?,
            b'q' => {
                let key = byte(input)?;
                self.remember(key.into())?;
            }
            b'r' => {
                let key = u32::from_le_bytes(bytes(input)?);
                self.remember(key)?;
            }
            0x94 => self.remember(self.memo.len() as u32)?,
            b'h' => {
                let key = byte(input)?;
                self.recall(key.into())?;
            }
            b'j' => {
                let key = u32::from_le_bytes(bytes(input)?);
                self.recall(key)?;
            }
            b'c' => {
                let (module, name) = (line(input)?, line(input)?);
                self.global(&module, &name)?;
            }
            0x93 => {
                let (name, module) = (self.pop()?, self.pop()?);
                match (self.get(module).clone(), self.get(name).clone()) {
                    (Value::Text(module), Value::Text(name)) => self.global(&module, &name)?,
                    _ => return Err(damaged(fault!("pickle-function-name", "the name of a function is no text"))),
                }
            }
            // A call, or a class and what it is made of; the last code has named arguments on top.
            code @ (b'R' | 0x81 | 0x92) => {
                if code == 0x92 {
                    self.pop()?;
                }
                let (arguments, function) = (self.pop()?, self.pop()?);
                let value = rebuild::call(self, function, arguments)?;
                self.push(value)?;
            }
            b'0' => {
                self.pop()?;
            }
            // Attributes of an object, such as an OrderedDict's: nothing that a tensor is made of.
            b'b' => {
                self.pop()?;
                self.top()?;
            }
            b'Q' => {
                let id = self.pop()?;
                let storage = rebuild::storage(self, id)?;
                self.push(Value::Storage(storage))?;
            }
            code => {
                let value = plain(code, input)?;
                self.push(value)?;
            }
        }
        Ok(false)
    }

    fn global(&mut self, module: &str, name: &str) -> Result<(), Fault> {
        self.push(Value::Global(format!("{module} {name}")))
    }
}

/// The fault of a pickle that ends before what it announces.
pub(super) fn short() -> Fault {
    damaged(fault!("pickle-end", "it ends too early"))
}

fn missing() -> Fault {
    damaged(fault!("pickle-value", "a value is missing"))
}

/// The fault of a pickle that cannot be read.
pub(super) fn damaged(cause: Fault) -> Fault {
    fault!(
        "pickle-damaged",
        "the pickle is damaged, or no dict of tensors ({cause}); get it again, or save model.state_dict()",
        cause = cause
    )
}

/// The fault of a pickle that cannot be read to its end.
pub(super) fn cut(error: std::io::Error) -> Fault {
    damaged(Fault::foreign(error))
}
