#include "mapped_file.h"
