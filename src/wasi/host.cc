#include "wasi/host.h"

#include <algorithm>
#include <utility>

namespace plasm::wasi {

Host::Host(HostConfig config, FileTree tree, Streams& streams, Clock& clock, Entropy& entropy)
    : config_(std::move(config)),
      tree_(std::move(tree)),
      descriptors_(config_.limits.open_descriptors),
      clock_(config_.profile, config_.start_time_ns, clock),
      random_(config_.seed),
      streams_(&streams),
      entropy_(&entropy) {
  tree_.Begin({.bytes = config_.limits.file_bytes, .nodes = config_.limits.file_nodes},
              config_.start_time_ns);
  descriptors_.Reserve(4 + tree_.preopen_count());
  using Kind = Descriptor::Kind;
  descriptors_.Add({.kind = Kind::kStdin, .base = rights::kOfStdin});
  descriptors_.Add({.kind = Kind::kStdout, .base = rights::kOfOutput});
  descriptors_.Add({.kind = Kind::kStderr, .base = rights::kOfOutput});
  for (std::size_t i = 0; i < tree_.preopen_count(); ++i) {
    const NodeId root = tree_.preopen_root(i);
    tree_.Open(root);
    descriptors_.Add({.kind = Kind::kDirectory,
                      .preopen = static_cast<std::uint32_t>(i),
                      .node = root,
                      .base = rights::kOfDirectory,
                      .inheriting = rights::kAll});
  }
}

void Host::FillRandom(std::span<std::byte> out) {
  if (config_.profile == Profile::kLive) {
    entropy_->Fill(out);
  } else {
    random_.Fill(out);
  }
}

bool Host::WriteOutput(OutputStream stream, ByteView bytes) {
  const std::uint64_t room = config_.limits.output_bytes - output_bytes_;
  const auto passed = static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), room));
  if (passed > 0) streams_->Write(stream, bytes.first(passed));
  output_bytes_ += passed;
  return passed == bytes.size();
}

void Host::CloseDescriptor(Fd fd) {
  const Descriptor& descriptor = *descriptors_.Get(fd);
  if (descriptor.node != kNoNode) tree_.Close(descriptor.node);
  descriptors_.Remove(fd);
}

}  // namespace plasm::wasi
