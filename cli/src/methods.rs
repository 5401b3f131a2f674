//! `methods`: what there is to explain with, from the methods' cards.

use std::process::ExitCode;

use convscope::card::{Card, EXPLAIN, LayersAsked, Variant};
use convscope::error::Result;
use convscope::methods::method;
use convscope::param::{Kind, Param};
use serde_json::{Value, json};

use super::ask::{cards, default, usual};
use super::say::{print, print_json};

/// Form in which methods are listed.
#[derive(Clone, Copy, Debug, clap::Args)]
#[group(multiple = false)]
pub(super) struct Form {
    /// One line of JSON for each; of a parameter without range or choices, min, max and choices are null
    #[arg(long)]
    json: bool,
    /// A table for a document
    #[arg(long)]
    markdown: bool,
}

pub(super) fn run(id: Option<&str>, form: Form) -> Result<ExitCode> {
    let cards: Vec<&Card> = match id {
        Some(id) => vec![method(id)?.card()],
        None => cards().collect(),
    };
    match (form, &cards[..]) {
        (Form { json: true, .. }, _) => cards.iter().try_for_each(|card| print_json("method", in_json(card)))?,
        (Form { markdown: true, .. }, _) => table(&cards).lines().try_for_each(print)?,
        (_, [card]) if id.is_some() => everything(card).iter().try_for_each(|line| print(line))?,
        _ => cards.iter().try_for_each(|card| print(&in_words(card)))?,
    }
    Ok(ExitCode::SUCCESS)
}

fn in_words(Card { id, title, family, paper, .. }: &Card) -> String {
    format!("{id:<24} {title:<24} {:<14} {}", family.name(), paper.short())
}

fn table(cards: &[&Card]) -> String {
    let row = |card: &&Card| {
        let Card { id, title, family, shows, paper, .. } = card;
        format!("| `{id}` | {title} | {} | {shows} | [{}]({}) |\n", family.name(), paper.cite, paper.url)
    };
    let head = "| method | name | family | what it shows | paper |\n| --- | --- | --- | --- | --- |\n";
    std::iter::once(head.to_owned()).chain(cards.iter().map(row)).collect()
}

fn in_json(card: &Card) -> Value {
    let params: Vec<Value> = card.params.iter().map(param_in_json).collect();
    let conventions: Vec<&str> = card.conventions.iter().map(|variant| variant.name.as_ref()).collect();
    json!({
        "id": card.id, "title": card.title, "family": card.family.name(), "paper": card.paper.url, "shows": card.shows,
        "limits": card.limits, "gives": card.gives.name(), "signed": card.gives.signed(), "params": params,
        "conventions": conventions, "another_image": card.asks.another,
    })
}

fn param_in_json(param: &Param) -> Value {
    let (min, max) = match param.kind {
        Kind::Int { min, max, .. } => (json!(min), json!(max)),
        Kind::Float { min, max, .. } => (json!(min), json!(max)),
        Kind::Seed => (json!(0), Value::Null),
        Kind::Choice { .. } | Kind::Channels { .. } | Kind::Weights { .. } | Kind::Box { .. } => {
            (Value::Null, Value::Null)
        }
    };
    let choices = match &param.kind {
        Kind::Choice { choices, .. } => json!(choices.iter().map(|(name, _)| name.as_ref()).collect::<Vec<&str>>()),
        _ => Value::Null,
    };
    json!({
        "id": param.id, "kind": param.kind_name(), "default": param.default().json(), "min": min, "max": max,
        "choices": choices,
    })
}

/// Everything that a card says, and a command to begin with.
fn everything(card: &Card) -> Vec<String> {
    let sign = if card.gives.signed() { ", with its sign by --signed" } else { "" };
    let mut lines = vec![
        in_words(card),
        format!("  {}", card.paper.url),
        format!("  Gives: {}{sign}", card.gives.name().replace('_', " ")),
        format!("  {}", card.shows),
        format!("  What it does not prove: {}", card.limits),
    ];
    let mut section = |title: &str, rows: Vec<String>| {
        if !rows.is_empty() {
            lines.push(format!("{title}:"));
            lines.extend(rows);
        }
    };
    let param = |param: &Param| {
        let (Param { id, help, .. }, range, default) = (param, param.range(), default(card, param));
        format!("  {id:<12} {help}: {range} {default}")
    };
    section("Parameters", card.params.iter().map(param).collect());
    let convention = |variant: &Variant| format!("  {:<16} {}", variant.name, variant.describes);
    section("Conventions", card.conventions.iter().map(convention).collect());
    section("Example", vec![format!("  {}", example(card))]);
    lines
}

/// A command that asks for it.
fn example(card: &Card) -> String {
    let mut words = vec!["convscope".to_owned(), card.command.to_string()];
    if card.asks.image {
        words.push("cat.jpg".into());
    }
    if card.command == EXPLAIN {
        words.extend(["--method".into(), card.id.to_string()]);
    }
    if card.asks.another {
        words.extend(["--references".into(), "coffee.jpg".into()]);
    }
    if card.asks.map {
        words.extend(["--of".into(), usual().into()]);
    }
    if card.asks.layers != LayersAsked::None {
        words.extend(["--layer".into(), "last".into()]);
    }
    if let Some(param) = card.params.first() {
        let (id, value) = (&param.id, param.default());
        words.extend(if card.command == EXPLAIN {
            ["--set".into(), format!("{id}={value}")]
        } else {
            [format!("--{id}"), value.to_string()]
        });
    }
    words.extend(["--out".into(), card.word().into()]);
    words.join(" ")
}
