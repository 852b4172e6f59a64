using System.Reflection;
using CnnService.Core.Common;
using Microsoft.Extensions.Primitives;

namespace CnnService.Web.Api.Requests;

/// <summary>Reads the parts of path and query before the platform does, so that what cannot be read is told in one way, and all of it at once.</summary>
internal static class ParameterReading
{
    /// <summary>Behind the routing and whatever decides who may ask.</summary>
    public static IApplicationBuilder UseParameterReading(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        if (http.GetEndpoint() is not RouteEndpoint endpoint || endpoint.Metadata.GetMetadata<MethodInfo>() is not { } handler)
        {
            return next(http);
        }

        var (errors, isFatal) = Read(http.Request, RequestParameter.Of(handler), endpoint);
        if (errors.Any && (isFatal || endpoint.Metadata.GetMetadata<TakesReadingErrors>() is null))
        {
            return Problem.Validation(errors).ToResult().ExecuteAsync(http);
        }

        http.Items[typeof(TakesReadingErrors)] = errors;
        return next(http);
    });

    /// <summary>Takes unreadable values out of the query, as if they had not been sent; fatal is what the endpoint cannot be called without.</summary>
    private static (ValidationErrors Errors, bool IsFatal) Read(HttpRequest request, IReadOnlyList<RequestParameter> parameters, RouteEndpoint endpoint)
    {
        var (errors, isFatal, left) = (new ValidationErrors(), false, (Dictionary<string, StringValues>?)null);
        foreach (var parameter in parameters)
        {
            var isInPath = endpoint.RoutePattern.GetParameter(parameter.Name) is not null;
            var text = isInPath ? request.RouteValues[parameter.Name]?.ToString() : request.Query.TryGetValue(parameter.Name, out var values) ? values.ToString() : null;
            var isAbsent = text is null || (text.Length == 0 && !parameter.IsText);
            var isUnreadable = !isAbsent && !parameter.Reads(text!);
            errors.Require(!isUnreadable, parameter.Name, $"{parameter.Rule}, received \"{Received.Text(text ?? string.Empty)}\"");
            errors.Require(!isAbsent || !parameter.IsRequired, parameter.Name, "must be given");
            isFatal |= (isUnreadable && isInPath) || ((isUnreadable || isAbsent) && parameter.IsRequired);
            if (!isInPath && !parameter.IsText && text is not null && (isAbsent || isUnreadable))
            {
                left ??= request.Query.ToDictionary(StringComparer.OrdinalIgnoreCase);
                left.Remove(parameter.Name);
            }
        }

        request.Query = left is null ? request.Query : new QueryCollection(left);
        return (errors, isFatal);
    }
}
