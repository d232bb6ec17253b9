// The benchmarks' job as a node has it: its manifest, and a receipt of its run.
#pragma once

#include "execution/finished_run.h"
#include "node/receipt_issuer.h"
#include "receipt/manifest_v1.h"

namespace plasm::bench {

// hello with its standard input in the manifest, as a requester would send it.
receipt::Manifest HelloManifest();

// Of a fixed node whose log has the origin kHelloOrigin.
inline constexpr const char* kHelloOrigin = "plasm.invalid/00112233445566778899aabbccddeeff";
node::IssuerSettings HelloIssuer(receipt::Signing signing);

receipt::Runtime HelloRuntime();

}  // namespace plasm::bench
