//! Wasmtime's C API, re-exported as a static library, and one addition: loading
//! a compiled artefact from an open file descriptor. A sandboxed worker may not
//! open paths, and copying a 200 MB artefact into every worker is wasteful; the
//! descriptor is mapped instead.

pub use wasmtime_c_api::*;

use std::fs::File;
use std::mem::{align_of, size_of};
use std::os::fd::{FromRawFd, OwnedFd};
use wasmtime_c_api::wasmtime::{Engine, Error, Module};

// The C API's handles wrap exactly one value whose field is private to its
// crate. These hold at compile time or the casts below do not compile.
const _: () = assert!(size_of::<wasm_engine_t>() == size_of::<Engine>());
const _: () = assert!(align_of::<wasm_engine_t>() == align_of::<Engine>());
const _: () = assert!(size_of::<wasmtime_module_t>() == size_of::<Module>());
const _: () = assert!(align_of::<wasmtime_module_t>() == align_of::<Module>());
const _: () = assert!(size_of::<wasmtime_error_t>() == size_of::<Error>());
const _: () = assert!(align_of::<wasmtime_error_t>() == align_of::<Error>());

/// Maps the compiled artefact behind `fd` and loads it. Takes ownership of `fd`
/// in every case. Returns null and sets `out`, or an error.
///
/// # Safety
/// `engine` is a live engine; `out` is writable; the artefact was produced by
/// this engine's configuration from a compile that is trusted as this process
/// trusts itself (native code is executed from it); the file is never modified
/// while it is mapped.
#[no_mangle]
pub unsafe extern "C" fn plasm_engine_module_from_fd(
    engine: *const wasm_engine_t,
    fd: i32,
    out: *mut *mut wasmtime_module_t,
) -> *mut wasmtime_error_t {
    let file = File::from(OwnedFd::from_raw_fd(fd));
    let engine = &*engine.cast::<Engine>();
    match Module::deserialize_open_file(engine, file) {
        Ok(module) => {
            *out = Box::into_raw(Box::new(module)).cast();
            std::ptr::null_mut()
        }
        Err(error) => Box::into_raw(Box::new(error)).cast(),
    }
}
