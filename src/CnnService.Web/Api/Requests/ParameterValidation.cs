using System.Reflection;
using CnnService.Core.Common;
using Microsoft.Extensions.Primitives;

namespace CnnService.Web.Api.Requests;

/// <summary>
/// Parses path and query parameters before ASP.NET Core binds them, so that unreadable values are reported uniformly and all together.
/// </summary>
internal static class ParameterValidation
{
    /// <summary>To be placed after routing and authorization.</summary>
    public static IApplicationBuilder UseParameterValidation(this IApplicationBuilder app) => app.Use((http, next) =>
    {
        if (http.GetEndpoint() is not RouteEndpoint endpoint || endpoint.Metadata.GetMetadata<MethodInfo>() is not { } handler)
        {
            return next(http);
        }

        var (errors, isFatal) = Read(http.Request, RequestParameter.ReadAll(handler), endpoint);
        if (errors.Any && (isFatal || endpoint.Metadata.GetMetadata<ReportsParameterErrors>() is null))
        {
            return Problem.Validation(errors).ToResult().ExecuteAsync(http);
        }

        http.Items[typeof(ReportsParameterErrors)] = errors;
        return next(http);
    });

    /// <summary>
    /// Removes unreadable optional values from the query, as if they had not been sent; fatal means that a value the endpoint requires is
    /// missing or unreadable.
    /// </summary>
    private static (ValidationErrors Errors, bool IsFatal) Read(
        HttpRequest request, IReadOnlyList<RequestParameter> parameters, RouteEndpoint endpoint)
    {
        var (errors, isFatal, left) = (new ValidationErrors(), false, (Dictionary<string, StringValues>?)null);
        if (!QueryText.Check(request, errors))
        {
            return (errors, true);
        }

        foreach (var parameter in parameters)
        {
            var isInPath = endpoint.RoutePattern.GetParameter(parameter.Name) is not null;
            var text = isInPath
                ? request.RouteValues[parameter.Name]?.ToString()
                : request.Query.TryGetValue(parameter.Name, out var values) ? values.ToString() : null;
            var isAbsent = text is null || (text.Length == 0 && !parameter.IsText);
            var isUnreadable = !isAbsent && !parameter.CanParse(text!);
            errors.Require(!isUnreadable, parameter.Name, $"{parameter.Rule}, received \"{ReceivedText.Text(text ?? string.Empty)}\"");
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
