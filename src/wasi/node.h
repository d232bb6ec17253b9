// One file, folder or symbolic link of the tree.
#pragma once

#include <cstdint>
#include <string>
#include <variant>

#include "wasi/directory.h"
#include "wasi/file_contents.h"
#include "wasi/types.h"

namespace plasm::wasi {

inline constexpr NodeId kNoNode = ~NodeId{0};

struct SymbolicLink {
  std::string target;
};

struct Node {
  std::uint64_t inode = 0;
  std::uint32_t links = 0;  // names; a preopened folder has one that no folder holds
  std::uint32_t opens = 0;  // descriptors
  Timestamp accessed = 0;
  Timestamp modified = 0;
  Timestamp changed = 0;
  NodeId parent = kNoNode;  // of a folder; kNoNode for a preopened one
  std::variant<FileContents, Directory, SymbolicLink> content;

  FileContents* file() { return std::get_if<FileContents>(&content); }
  const FileContents* file() const { return std::get_if<FileContents>(&content); }
  Directory* directory() { return std::get_if<Directory>(&content); }
  const Directory* directory() const { return std::get_if<Directory>(&content); }
  const SymbolicLink* link() const { return std::get_if<SymbolicLink>(&content); }

  Filetype type() const {
    if (directory()) return Filetype::kDirectory;
    return link() ? Filetype::kSymbolicLink : Filetype::kRegularFile;
  }
  // What filestat reports, and what counts against the limit of file bytes.
  std::uint64_t size() const {
    if (const FileContents* contents = file()) return contents->size();
    if (const SymbolicLink* symlink = link()) return symlink->target.size();
    return 0;
  }
};

}  // namespace plasm::wasi
