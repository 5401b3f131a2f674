//! Addresses of scripts, as browsers take them that know Trusted Types (<https://w3c.github.io/trusted-types/dist/spec/>). The page's policy
//! has them refuse an address that is a mere string, wherever that came from.

use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;

use crate::browser::{call, global, part};

/// Name of the page's one policy; the Content-Security-Policy allows no other.
const POLICY: &str = "convscope";

thread_local! {
    static MADE: JsValue = policy();
}

/// The address of a script that lies beside the page.
pub(crate) fn script_address(address: &str) -> JsValue {
    MADE.with(|policy| call(policy, "createScriptURL", &[&address.into()]).unwrap_or_else(|_| address.into()))
}

/// The page's policy; `undefined` in browsers that have none, which take a string.
fn policy() -> JsValue {
    let own = Closure::<dyn Fn(JsValue) -> JsValue>::new(|address: JsValue| {
        let is_own = address.as_string().is_some_and(|address| lies_beside(&address));
        if is_own { address } else { JsValue::NULL }
    });
    let rules = js_sys::Object::new();
    let _ = js_sys::Reflect::set(&rules, &"createScriptURL".into(), &own.into_js_value());
    let types = global("trustedTypes");
    let made = part(&types, "createPolicy").is_function();
    if made { call(&types, "createPolicy", &[&POLICY.into(), &rules]).unwrap_or_default() } else { JsValue::UNDEFINED }
}

/// Whether that is the address of a script in the page's own folder.
fn lies_beside(address: &str) -> bool {
    let plain =
        |name: &str| name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'));
    address.strip_prefix("./").is_some_and(|name| name.ends_with(".js") && plain(name))
}
