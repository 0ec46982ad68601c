// What a host application sees of the modules below: values, identities, errors.
@_exported public import GraphTypes
