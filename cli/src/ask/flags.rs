//! Subcommands that methods have of their own: their options, read from the methods' cards.

use clap::builder::{PossibleValue, PossibleValuesParser, StringValueParser, TypedValueParser};
use clap::{Arg, ArgMatches, Command};
use convscope::card::{Card, EXPLAIN, LayersAsked, Variant};
use convscope::error::{Error, Result};
use convscope::fault;
use convscope::param::{Kind, Param, Value};
use convscope::render::{Colormap, MapStyle};
use convscope::request::{Layers, Request};

use super::super::named::Known;
use super::{Ask, cards};

/// The card of the method whose own subcommand that is.
fn card_of(subcommand: &str) -> Option<&'static Card> {
    cards().find(|card| card.command == subcommand && subcommand != EXPLAIN)
}

/// The subcommand with an option for everything that its method's card asks.
pub(in super::super) fn with_flags(command: Command) -> Command {
    let Some(card) = card_of(command.get_name()) else { return command };
    let layer = match card.asks.layers {
        LayersAsked::ManyWithPools => ("all", "A layer's name (`convscope models --json` lists them), `all` or `last`"),
        _ => ("last", "A layer's name (`convscope models --json` lists them), or `last`"),
    };
    let layer = Arg::new("layer").long("layer").value_name("LAYER").default_value(layer.0).help(layer.1);
    let names = card.conventions.iter().map(|variant| (&*variant.name, &*variant.describes));
    let usual = card.conventions.first().map_or("", |variant| &variant.name);
    let convention = Arg::new("convention").long("convention").value_name("CONVENTION").value_parser(Known::new(names));
    let convention = convention.default_value(usual).help("Whose way of doing it");
    let convention = (card.conventions.len() > 1).then_some(convention);
    command.arg(layer).args(card.params.iter().map(|param| flag(card, param))).args(convention)
}

/// Text of a parameter's value where nothing is said, for help.
pub(in super::super) fn default(card: &Card, param: &Param) -> String {
    let own = |variant: &Variant| {
        let own = variant.defaults.iter().find(|(id, _)| *id == param.id);
        own.map(|(_, value)| format!("; of {} {value}", variant.name))
    };
    let others: String = card.conventions.iter().filter_map(own).collect();
    format!("[default: {}{others}]", param.default())
}

fn flag(card: &'static Card, param: &'static Param) -> Arg {
    let help = format!("{} {}", param.help, default(card, param));
    let arg = Arg::new(&*param.id).long(&*param.id).value_name(param.id.to_uppercase()).help(help);
    match &param.kind {
        Kind::Choice { choices, .. } => {
            let values = choices.iter().map(|(name, about)| PossibleValue::new(&**name).help(&**about));
            arg.value_parser(PossibleValuesParser::new(values).map(|name| Value::Text(name.into())))
        }
        _ => arg.value_parser(StringValueParser::new().try_map(|text| param.parse(&text))),
    }
}

/// Request of the options of [`with_flags`], where the subcommand is a method's own.
pub(in super::super) fn ask(matches: &ArgMatches, colormap: Colormap) -> Result<Ask> {
    let Some((card, matches)) = matches.subcommand().and_then(|(name, matches)| Some((card_of(name)?, matches))) else {
        return Err(Error::Request(fault!("no-methods-command", "the subcommand is no method's; use explain")));
    };
    let text = |id: &str| matches.try_get_one::<String>(id).ok().flatten().cloned().unwrap_or_default();
    let value = |param: &Param| Some((param.id.to_string(), matches.get_one::<Value>(&param.id)?.clone()));
    let request = Request {
        method: card.id.to_string(),
        layers: Layers::parse(&text("layer")),
        values: card.params.iter().filter_map(value).collect(),
        convention: text("convention"),
        ..Request::default()
    };
    Ask::new(request, "", MapStyle { colormap, ..MapStyle::default() })
}
