// For tests: modules from text format, and one run of a program against fake streams.
#pragma once

#include <wasmtime.h>

#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.h"
#include "sandbox/compile.h"
#include "sandbox/program.h"
#include "wasi/host.h"
#include "wasi/testing/fakes.h"

namespace plasm::sandbox::testing {

inline Bytes Wat(std::string_view text) {
  wasm_byte_vec_t binary;
  if (wasmtime_error_t* error = wasmtime_wat2wasm(text.data(), text.size(), &binary)) {
    wasmtime_error_delete(error);
    throw std::logic_error("not text format: " + std::string(text));
  }
  const ByteView view = std::as_bytes(std::span(binary.data, binary.size));
  Bytes bytes(view.begin(), view.end());
  wasm_byte_vec_delete(&binary);
  return bytes;
}

// A module whose _start has `body`, with what the bodies of these tests use around it: one
// page of memory, "hello" at address 100, proc_exit and fd_write.
inline Bytes Guest(std::string_view body,
                   std::string_view items = "(memory (export \"memory\") 1)") {
  std::string text = R"((module
    (import "wasi_snapshot_preview1" "proc_exit" (func $exit (param i32)))
    (import "wasi_snapshot_preview1" "fd_write"
      (func $write (param i32 i32 i32 i32) (result i32)))
    (import "wasi_snapshot_preview1" "proc_raise" (func $raise (param i32) (result i32)))
  )";
  text.append(items).append("(func $start (export \"_start\") ").append(body).append("))");
  return Wat(text);
}

struct Ran {
  RunResult result;
  std::string out;
};

inline wasi::HostConfig ConfigOf(std::vector<std::string> args) {
  wasi::HostConfig config;
  config.args = std::move(args);
  return config;
}

inline Ran RunGuest(const Program& program, const RunLimits& limits = {},
                    wasi::HostConfig config = ConfigOf({"guest"})) {
  wasi::testing::FakeClock clock;
  wasi::testing::FakeStreams streams(clock);
  wasi::testing::FakeEntropy entropy;
  wasi::Host host(std::move(config), wasi::FileTree(), streams, clock, entropy);
  RunResult result = program.Run(limits, host);
  return {std::move(result), streams.out};
}

}  // namespace plasm::sandbox::testing
