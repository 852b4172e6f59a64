using CnnService.Core.Common;

namespace CnnService.Web.Api.Requests;

/// <summary>
/// Reports all errors of a query together: unknown parameters (else a misspelled one would be ignored silently), unreadable values, and
/// violated rules of the query's records. For this service's own routes; those of external protocols ignore unknown parameters as ASP.NET
/// Core does.
/// </summary>
internal static class QueryValidation
{
    /// <summary>Applies to all endpoints of the group or route.</summary>
    public static TBuilder ValidateParameters<TBuilder>(this TBuilder routes)
        where TBuilder : IEndpointConventionBuilder => routes
        .WithMetadata(new ReportsParameterErrors())
        .AddEndpointFilterFactory((context, next) =>
        {
            string[] known = [.. RequestParameter.ReadAll(context.MethodInfo).Select(parameter => parameter.Name)];
            return async call =>
            {
                var http = call.HttpContext;
                var errors = http.Items[typeof(ReportsParameterErrors)] as ValidationErrors ?? new();
                AddUnknown(http, known, errors);
                foreach (var query in call.Arguments.OfType<IValidatedQuery>())
                {
                    query.Check(errors);
                }

                return errors.Any ? Problem.Validation(errors).ToResult() : await next(call);
            };
        });

    private static void AddUnknown(HttpContext http, string[] named, ValidationErrors errors)
    {
        if (http.Request.Query.Count == 0)
        {
            return;
        }

        var inPath = (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.Parameters.Select(parameter => parameter.Name) ?? [];
        string[] known = [.. named.Except(inPath, StringComparer.OrdinalIgnoreCase)];
        foreach (var unknown in http.Request.Query.Keys.Except(known, StringComparer.OrdinalIgnoreCase))
        {
            errors.Add(ReceivedText.Text(unknown), NearestName.Find(unknown, known) is { } meant
                ? $"is not a parameter here; did you mean {meant}?"
                : $"is not a parameter here; the parameters are {string.Join(", ", known)}");
        }
    }
}

/// <summary>Metadata: the endpoint itself reports unreadable parameters, together with all other errors.</summary>
internal sealed record ReportsParameterErrors;
