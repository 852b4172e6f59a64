using CnnService.Core.Common;

namespace CnnService.Web.Api.Requests;

/// <summary>
/// Tells everything that is wrong with a query at once: parameters that the endpoint does not have, for one that is mistyped would else be
/// left out of account without a word; what could not be read; and the rules of the query's records. For routes that people write by hand;
/// those that programs of elsewhere call keep to the platform's way with what they do not know.
/// </summary>
internal static class CheckedParameters
{
    /// <summary>For all endpoints of the group or route.</summary>
    public static TBuilder ChecksParameters<TBuilder>(this TBuilder routes)
        where TBuilder : IEndpointConventionBuilder => routes
        .WithMetadata(new TakesReadingErrors())
        .AddEndpointFilterFactory((context, next) =>
        {
            string[] known = [.. RequestParameter.Of(context.MethodInfo).Select(parameter => parameter.Name)];
            return async call =>
            {
                var http = call.HttpContext;
                var errors = http.Items[typeof(TakesReadingErrors)] as ValidationErrors ?? new();
                AddUnknown(http, known, errors);
                foreach (var query in call.Arguments.OfType<ICheckedQuery>())
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
            errors.Add(Received.Text(unknown), Nearest.Of(unknown, known) is { } meant
                ? $"is not a parameter here; did you mean {meant}?"
                : $"is not a parameter here; the parameters are {string.Join(", ", known)}");
        }
    }
}

/// <summary>The endpoint itself answers for parameters that could not be read, with all else that is wrong.</summary>
internal sealed record TakesReadingErrors;
