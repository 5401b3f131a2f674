//! Columns of a survey's table, whatever kind of file it is written to.

use std::fmt::{Debug, Display, Formatter};

use super::Row;

/// Kind of a column's values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Text.
    Text,
    /// Whole numbers from 0 on.
    Whole,
    /// True or false.
    Flag,
    /// Float32.
    Single,
    /// Float64.
    Double,
}

/// Value of an image in a column.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Text.
    Text(String),
    /// A whole number from 0 on.
    Whole(u64),
    /// True or false.
    Flag(bool),
    /// Float32.
    Single(f32),
    /// Float64.
    Double(f64),
}

/// As few digits as tell a number from every other of its kind.
impl Display for Cell {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Text(text) => Display::fmt(text, f),
            Self::Whole(number) => Display::fmt(number, f),
            Self::Flag(flag) => Display::fmt(flag, f),
            Self::Single(number) => Display::fmt(number, f),
            Self::Double(number) => Display::fmt(number, f),
        }
    }
}

/// What an image has in a column.
type Read = Box<dyn Fn(&Row) -> Option<Cell>>;

/// Column of a survey's table.
pub struct Column {
    /// Its name.
    pub name: String,
    /// The kind of its values.
    pub kind: Kind,
    of: Read,
}

impl Debug for Column {
    fn fmt(&self, f: &mut Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Column").field("name", &self.name).field("kind", &self.kind).finish_non_exhaustive()
    }
}

impl Column {
    /// The value of an image; none where nothing is known.
    pub fn of(&self, row: &Row) -> Option<Cell> {
        (self.of)(row)
    }
}

/// A constructor for each kind.
macro_rules! kinds {
    ($($new:ident: $kind:ident($value:ty),)*) => {
        impl Column {
            $(
                #[doc = concat!("A column of [`Kind::", stringify!($kind), "`].")]
                pub(super) fn $new(name: &str, of: impl Fn(&Row) -> Option<$value> + 'static) -> Self {
                    let of = Box::new(move |row: &Row| of(row).map(Cell::$kind));
                    Self { name: name.to_owned(), kind: Kind::$kind, of }
                }
            )*
        }
    };
}

kinds! {
    text: Text(String),
    whole: Whole(u64),
    flag: Flag(bool),
    single: Single(f32),
    double: Double(f64),
}
