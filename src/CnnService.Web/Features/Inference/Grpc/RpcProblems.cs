using System.Globalization;
using CnnService.Core.Common;
using Grpc.Core;
using Microsoft.AspNetCore.Mvc;

namespace CnnService.Web.Features.Inference.Grpc;

/// <summary>Problems as the exceptions by which a method of gRPC ends with a status.</summary>
internal static class RpcProblems
{
    private static readonly TimeSpan ShortWait = TimeSpan.FromSeconds(1);

    /// <summary>The value of a success.</summary>
    /// <exception cref="RpcException">The outcome is a failure.</exception>
    public static T OrThrow<T>(this Outcome<T> outcome) =>
        outcome.Match(value => value, problem => throw problem.ToException());

    /// <inheritdoc cref="ToException(ProblemDetails, TimeSpan?)"/>
    public static RpcException ToException(this Problem problem) => ToException(Problems.ToDetails(problem), problem.RetryAfter);

    /// <summary>The status of a problem, its sentence, its code and, where repeating the call helps, the wait until then.</summary>
    /// <param name="details">The problem as HTTP tells it.</param>
    /// <param name="wait">Null: a short one, where it helps.</param>
    public static RpcException ToException(ProblemDetails details, TimeSpan? wait = null)
    {
        var http = details.Status ?? StatusCodes.Status500InternalServerError;
        var code = $"{details.Extensions["code"]}";
        if (http is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable)
        {
            RequestMetrics.CountRefusal(http, code);
            wait ??= ShortWait;
        }

        var trailers = new Metadata { { GrpcErrors.CodeTrailer, code } };
        if (wait is { } pause)
        {
            trailers.Add(GrpcErrors.PushbackTrailer, ((long)pause.TotalMilliseconds).ToString(CultureInfo.InvariantCulture));
        }

        var status = new Status((StatusCode)(int)GrpcErrors.StatusOf(http, code), InferenceErrors.TextOf(details) ?? string.Empty);
        return new RpcException(status, trailers);
    }
}
