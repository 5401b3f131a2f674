//! Apache Thrift's compact protocol (<https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md>), as far as a
//! Parquet file's numbers about itself take it.

/// Types of fields.
const I32: u8 = 5;
const I64: u8 = 6;
const BINARY: u8 = 8;
const LIST: u8 = 9;
const STRUCT: u8 = 12;
/// From this many elements on, a list's length has bytes of its own.
const LONG: usize = 15;

/// A struct that is written field by field, by rising number.
#[derive(Default)]
pub(super) struct Struct {
    bytes: Vec<u8>,
    last: u8,
}

impl Struct {
    /// A field's number and type.
    fn field(mut self, id: u8, kind: u8) -> Self {
        debug_assert!(self.last < id && id - self.last < 16, "fields come by rising number");
        self.bytes.push(((id - self.last) << 4) | kind);
        self.last = id;
        self
    }

    /// A number of 32 bits.
    pub(super) fn number(self, id: u8, value: i64) -> Self {
        let mut own = self.field(id, I32);
        varint(&mut own.bytes, zigzag(value));
        own
    }

    /// A number of 64 bits.
    pub(super) fn number64(self, id: u8, value: i64) -> Self {
        let mut own = self.field(id, I64);
        varint(&mut own.bytes, zigzag(value));
        own
    }

    /// A text.
    pub(super) fn text(self, id: u8, value: &str) -> Self {
        let mut own = self.field(id, BINARY);
        text(&mut own.bytes, value);
        own
    }

    /// Another struct.
    pub(super) fn inner(self, id: u8, value: Self) -> Self {
        let mut own = self.field(id, STRUCT);
        own.bytes.extend(value.finish());
        own
    }

    /// Several structs.
    pub(super) fn structs(self, id: u8, values: Vec<Self>) -> Self {
        self.list(id, STRUCT, values, |bytes, value| bytes.extend(value.finish()))
    }

    /// Several numbers of 32 bits.
    pub(super) fn numbers(self, id: u8, values: &[i64]) -> Self {
        self.list(id, I32, values.to_vec(), |bytes, value| varint(bytes, zigzag(value)))
    }

    /// Several texts.
    pub(super) fn texts(self, id: u8, values: &[&str]) -> Self {
        self.list(id, BINARY, values.to_vec(), text)
    }

    fn list<T>(self, id: u8, kind: u8, values: Vec<T>, each: impl Fn(&mut Vec<u8>, T)) -> Self {
        let mut own = self.field(id, LIST);
        if values.len() < LONG {
            own.bytes.push(((values.len() as u8) << 4) | kind);
        } else {
            own.bytes.push(((LONG as u8) << 4) | kind);
            varint(&mut own.bytes, values.len() as u64);
        }
        values.into_iter().for_each(|value| each(&mut own.bytes, value));
        own
    }

    /// Its bytes, with its end.
    pub(super) fn finish(mut self) -> Vec<u8> {
        self.bytes.push(0);
        self.bytes
    }
}

/// A number of any length: seven bits a byte, the lowest first.
pub(super) fn varint(bytes: &mut Vec<u8>, mut number: u64) {
    while number > 0x7f {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// A number whose sign is its lowest bit.
fn zigzag(number: i64) -> u64 {
    ((number << 1) ^ (number >> 63)) as u64
}

fn text(bytes: &mut Vec<u8>, text: &str) {
    varint(bytes, text.len() as u64);
    bytes.extend(text.as_bytes());
}
