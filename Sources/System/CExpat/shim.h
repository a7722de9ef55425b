#ifndef CTXBROWSE_CEXPAT_SHIM_H
#define CTXBROWSE_CEXPAT_SHIM_H

#include <expat.h>

#endif
