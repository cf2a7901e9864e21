// Scalar's prebuilt standalone.js needs none of its 270 dependencies (277 MB); we serve that one file.
export const hooks = {
  readPackage(pkg) {
    if (pkg.name === '@scalar/api-reference') pkg.dependencies = {}
    return pkg
  },
}
