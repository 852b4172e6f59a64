namespace CnnService.Web.Api.Errors;

/// <summary>The status codes of gRPC that this service answers, with their published numbers.</summary>
internal enum GrpcStatus
{
    Cancelled = 1,
    InvalidArgument = 3,
    DeadlineExceeded = 4,
    NotFound = 5,
    PermissionDenied = 7,
    ResourceExhausted = 8,
    Unimplemented = 12,
    Internal = 13,
    Unavailable = 14,
    Unauthenticated = 16,
}
