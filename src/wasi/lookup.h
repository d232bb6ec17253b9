// Path resolution strictly beneath one folder.
#pragma once

#include <string>
#include <string_view>

#include "wasi/errno.h"
#include "wasi/file_tree.h"

namespace plasm::wasi {

// Where a path leads.
struct Lookup {
  NodeId directory = kNoNode;  // the folder that holds, or would hold, the last component
  std::string name;            // the last component; empty if `itself`
  NodeId node = kNoNode;       // what it names; kNoNode if there is nothing
  bool trailing_slash = false;
  bool itself = false;  // the last component was "." or "..": `node` has no name to act on
};

// Resolves `path`, which has been read by ReadPath, from `root`. Never leaves `root`: an
// absolute path or link, and a ".." at `root`, fail with kPerm. Other errors: kNoent,
// kNotdir, kLoop, kNametoolong.
ErrnoOr<Lookup> Resolve(const FileTree& tree, NodeId root, std::string_view path,
                        FinalLink final_link);

}  // namespace plasm::wasi
