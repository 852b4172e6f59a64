using System.Globalization;
using Microsoft.AspNetCore.Mvc;

namespace CnnService.Web.Api.Errors;

/// <summary>Maps problems to gRPC; the only place that does.</summary>
internal static class GrpcErrors
{
    public const string MediaType = "application/grpc";

    /// <summary>Trailer with the code of the problem, for programs.</summary>
    public const string CodeTrailer = "problem-code";

    /// <summary>Trailer with the milliseconds that a client is asked to wait before it repeats the call.</summary>
    public const string PushbackTrailer = "grpc-retry-pushback-ms";

    private const string StatusHeader = "grpc-status";
    private const string MessageHeader = "grpc-message";

    /// <summary>Whether a request is a gRPC call, to be answered as one also where it fails before it reaches its method.</summary>
    public static bool AppliesTo(HttpRequest request) =>
        HttpMethods.IsPost(request.Method) && HttpProtocol.IsHttp2(request.Protocol) && request.ContentType is { } type
        && type.StartsWith(MediaType, StringComparison.OrdinalIgnoreCase)
        && (type.Length == MediaType.Length || type[MediaType.Length] is '+' or ';');

    /// <summary>The status of a problem by its HTTP status and its code.</summary>
    public static GrpcStatus StatusOf(int status, string? code) => (status, code) switch
    {
        (_, InferenceErrors.Unsupported or Problems.NoSuchRoute) => GrpcStatus.Unimplemented,
        (StatusCodes.Status401Unauthorized, _) => GrpcStatus.Unauthenticated,
        (StatusCodes.Status403Forbidden, _) => GrpcStatus.PermissionDenied,
        (StatusCodes.Status404NotFound, _) => GrpcStatus.NotFound,
        (StatusCodes.Status413PayloadTooLarge or StatusCodes.Status507InsufficientStorage, _) => GrpcStatus.ResourceExhausted,
        (StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable, _) => GrpcStatus.Unavailable,
        (StatusCodes.Status408RequestTimeout or StatusCodes.Status504GatewayTimeout, _) => GrpcStatus.DeadlineExceeded,
        (StatusCodes.Status499ClientClosedRequest, _) => GrpcStatus.Cancelled,
        (var other, _) when other < StatusCodes.Status500InternalServerError => GrpcStatus.InvalidArgument,
        _ => GrpcStatus.Internal,
    };

    /// <summary>Answers a call that has not reached its method: the status as headers of an answer without messages.</summary>
    public static void Write(HttpContext http, ProblemDetails details)
    {
        var response = http.Response;
        var code = details.Extensions.TryGetValue("code", out var found) ? found as string : null;
        var status = StatusOf(details.Status ?? StatusCodes.Status500InternalServerError, code);
        if (int.TryParse(response.Headers.RetryAfter.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            response.Headers[PushbackTrailer] = (1000L * seconds).ToString(CultureInfo.InvariantCulture);
        }

        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = MediaType;
        response.Headers[CodeTrailer] = code;
        response.Headers[StatusHeader] = ((int)status).ToString(CultureInfo.InvariantCulture);
        response.Headers[MessageHeader] = Uri.EscapeDataString(InferenceErrors.TextOf(details) ?? string.Empty);
    }
}
