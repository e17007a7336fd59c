#pragma once

#include <string>

namespace mcprove {

/// Asks the desktop to open a page, if there is a desktop. The page's address is for the person who logs in.
void open_page(const std::string& url);

}  // namespace mcprove
