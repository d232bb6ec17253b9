#include "wasi/descriptor_table.h"

#include <algorithm>

namespace plasm::wasi {

Fd DescriptorTable::Add(const Descriptor& descriptor) {
  Fd fd = lowest_free_;
  while (fd < slots_.size() && slots_[fd].kind != Descriptor::Kind::kFree) ++fd;
  if (fd == slots_.size()) {
    slots_.push_back(descriptor);
  } else {
    slots_[fd] = descriptor;
  }
  lowest_free_ = fd + 1;
  ++open_;
  return fd;
}

void DescriptorTable::Remove(Fd fd) {
  slots_[fd] = Descriptor{};
  lowest_free_ = std::min(lowest_free_, fd);
  --open_;
}

void DescriptorTable::Reopen(Fd fd, const Descriptor& descriptor) {
  slots_[fd] = descriptor;
  ++open_;
}

}  // namespace plasm::wasi
