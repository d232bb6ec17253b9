// A plasm-dht that has been taken over: says what a test wants it to, as its last --bootstrap
// names it.
#include <unistd.h>

#include <cstdio>
#include <string>
#include <string_view>

#include "discovery/protocol/dht_event.h"

namespace {

constexpr std::string_view kReady = "{\"event\":\"ready\",\"listen\":[]}\n";

void Say(std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stdout);
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  const std::string what = argc > 1 ? argv[argc - 1] : "";
  Say(kReady);
  if (what == "garbage") Say("{\"event\":\"joined\",\"more\":1}\n");
  if (what == "long-line") Say(std::string(plasm::discovery::kMaxEventBytes + 1, ' '));
  if (what == "ends") return 7;
  if (what == "complains") {
    std::fputs("no \x1b[31mluck\n", stderr);
    return 1;
  }
  // "deaf": never reads what it is told.
  while (true) pause();
}
