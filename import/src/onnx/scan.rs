//! The memory that a file's messages will take, counted over its bytes before they are decoded: a message of two bytes becomes hundreds.

use crate::Memory;
use convscope_core::error::Fault;

/// Floats whose memory a message, a text or a list takes beside its content.
const EACH: usize = 48;

/// Messages of ONNX that hold others, by the fields that are read.
#[derive(Clone, Copy, Debug)]
enum Message {
    Model,
    Graph,
    Function,
    Node,
    Attribute,
    Tensor,
    /// A message of which nothing is large.
    Small,
}

impl Message {
    /// The message that a field holds, if it holds one.
    const fn within(self, field: u64) -> Option<Self> {
        Some(match (self, field) {
            (Self::Model, 7) => Self::Graph,
            (Self::Model, 25) => Self::Function,
            (Self::Graph, 1) | (Self::Function, 7) => Self::Node,
            (Self::Graph, 5) | (Self::Attribute, 5) => Self::Tensor,
            (Self::Node, 5) | (Self::Function, 11) => Self::Attribute,
            (Self::Model, 8) | (Self::Graph, 11 | 12) | (Self::Tensor, 13) => Self::Small,
            _ => return None,
        })
    }

    /// Floats whose memory a byte of a field's numbers becomes, in quarters: bytes of whole numbers may be one a number.
    const fn quarters(self, field: u64) -> usize {
        match (self, field) {
            (Self::Tensor, 1 | 7) | (Self::Attribute, 8) => 8,
            (Self::Tensor, 5) => 4,
            // Numbers as they are, which are views of the file.
            (Self::Tensor, 9) => 0,
            _ => 1,
        }
    }
}

/// Takes the memory of a file's messages off; bytes that are none are left to the decoder.
///
/// # Errors
/// The fault of a file that would take more than one of its length may.
pub(super) fn charge(bytes: &[u8], memory: &Memory) -> Result<(), Fault> {
    message(bytes, Message::Model, memory)
}

fn message(mut bytes: &[u8], kind: Message, memory: &Memory) -> Result<(), Fault> {
    while let Some(key) = varint(&mut bytes) {
        let field = key >> 3;
        let length = match key & 7 {
            0 => varint(&mut bytes).map(|_| 0),
            1 => Some(8),
            2 => varint(&mut bytes),
            5 => Some(4),
            _ => None,
        };
        let Some((content, rest)) =
            length.and_then(|length| usize::try_from(length).ok()).and_then(|length| bytes.split_at_checked(length))
        else {
            return Ok(());
        };
        bytes = rest;
        if key & 7 != 2 {
            memory.spend(2)?;
            continue;
        }
        memory.spend(EACH)?;
        match kind.within(field) {
            Some(inner) => message(content, inner, memory)?,
            None => memory.spend(content.len().saturating_mul(kind.quarters(field)) / 4)?,
        }
    }
    Ok(())
}

/// A number of the wire format, if there is a whole one.
fn varint(bytes: &mut &[u8]) -> Option<u64> {
    let mut value = 0;
    for place in 0..10 {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        value |= u64::from(byte & 0x7f) << (7 * place).min(63);
        if byte < 0x80 {
            return Some(value);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A field of bytes.
    fn field(number: u8, content: &[u8]) -> Vec<u8> {
        let mut length = content.len();
        let mut bytes = vec![number << 3 | 2];
        while length > 0x7f {
            bytes.push(length as u8 | 0x80);
            length >>= 7;
        }
        bytes.push(length as u8);
        [&bytes[..], content].concat()
    }

    #[test]
    fn empty_messages_are_counted_before_they_are_made() {
        let nodes = |count: usize| field(7, &field(1, b"").repeat(count));
        let memory = |bytes: &[u8]| Memory::of(bytes.len() as u64);
        let few = nodes(5000);
        charge(&few, &memory(&few)).unwrap();
        let many = nodes(2_000_000);
        let error = charge(&many, &memory(&many)).unwrap_err().to_string();
        assert!(error.contains("memory") && error.contains("4000005 bytes"), "{error}");
        // Names of attributes' numbers lie three messages deep.
        let names = field(7, &field(1, &field(5, &field(1, b"").repeat(2_000_000))));
        assert!(charge(&names, &memory(&names)).is_err());
        // A tensor's numbers are no messages, whatever their bytes say.
        let numbers = field(7, &field(5, &field(9, &field(1, b"").repeat(2_000_000))));
        charge(&numbers, &memory(&numbers)).unwrap();
    }
}
