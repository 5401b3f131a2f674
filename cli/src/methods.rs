//! `methods`: what there is to explain with, from the methods' cards.

use std::process::ExitCode;

use convscope::card::{Card, EXPLAIN, LayersAsked};
use convscope::error::Result;
use convscope::methods::{method, methods};
use convscope::param::{Kind, Param, Value as Setting};
use serde_json::{Value, json};

use super::say::{print, print_json};

/// In which form methods are listed.
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
        None => methods().map(|method| method.card()).collect(),
    };
    match (form, &cards[..]) {
        (Form { json: true, .. }, _) => cards.iter().try_for_each(|card| print_json(&in_json(card)))?,
        (Form { markdown: true, .. }, _) => table(&cards).lines().try_for_each(print)?,
        (_, [card]) if id.is_some() => everything(card).iter().try_for_each(|line| print(line))?,
        _ => cards.iter().try_for_each(|card| print(&in_words(card)))?,
    }
    Ok(ExitCode::SUCCESS)
}

fn in_words(card: &Card) -> String {
    let sign = if card.gives.signed() { ", signed" } else { "" };
    format!("{:<24} {} ({}{sign}; {})", card.id, card.title, card.gives.name().replace('_', " "), card.paper.short())
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
        "conventions": conventions,
    })
}

fn param_in_json(param: &Param) -> Value {
    let (min, max) = match param.kind {
        Kind::Int { min, max, .. } => (json!(min), json!(max)),
        Kind::Float { min, max, .. } => (json!(min), json!(max)),
        Kind::Seed => (json!(0), Value::Null),
        Kind::Choice { .. } | Kind::Channels { .. } => (Value::Null, Value::Null),
    };
    let choices = match &param.kind {
        Kind::Choice { choices, .. } => json!(choices.iter().map(|(name, _)| name.as_ref()).collect::<Vec<&str>>()),
        _ => Value::Null,
    };
    let default = match param.default() {
        Setting::Int(value) => json!(value),
        Setting::Float(value) => json!(value),
        Setting::Text(value) => json!(value),
    };
    json!({
        "id": param.id, "kind": param.kind_name(), "default": default, "min": min, "max": max, "choices": choices,
    })
}

/// Everything that a card says, and a command to begin with.
fn everything(card: &Card) -> Vec<String> {
    let mut lines = vec![
        in_words(card),
        format!("  {}", card.paper.url),
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
        let own = |variant: &convscope::card::Variant| {
            let own = variant.defaults.iter().find(|(id, _)| *id == param.id);
            own.map(|(_, value)| format!(", of {} {value}", variant.name))
        };
        let others: String = card.conventions.iter().filter_map(own).collect();
        format!("  {:<12} {} ({}; {}{others} if nothing is said)", param.id, param.help, param.range(), param.default())
    };
    section("Parameters", card.params.iter().map(param).collect());
    let convention = |variant: &convscope::card::Variant| format!("  {:<16} {}", variant.name, variant.describes);
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
    if card.asks.map {
        let measured = methods().map(|method| method.card()).find(|card| card.gives.is_map());
        words.extend(measured.into_iter().flat_map(|card| ["--of".into(), card.id.to_string()]));
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
