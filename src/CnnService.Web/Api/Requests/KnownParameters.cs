using System.Reflection;
using System.Text.Json;
using CnnService.Core.Common;

namespace CnnService.Web.Api.Requests;

/// <summary>
/// Refuses query parameters that an endpoint does not have: one that is mistyped would else be left out of account without a word. For
/// routes that people write by hand; those that programs of elsewhere call keep to the platform's way.
/// </summary>
internal static class KnownParameters
{
    /// <summary>For all endpoints of the group or route. A broken rule for each unknown name, with the name that was most likely meant.</summary>
    public static TBuilder RefusesUnknownParameters<TBuilder>(this TBuilder routes)
        where TBuilder : IEndpointConventionBuilder =>
        routes.AddEndpointFilterFactory((context, next) =>
        {
            string[] named = [.. context.MethodInfo.GetParameters().SelectMany(Names)];
            return async call => Refusal(call.HttpContext, named) is { } problem ? problem.ToResult() : await next(call);
        });

    private static Problem? Refusal(HttpContext http, string[] named)
    {
        var query = http.Request.Query;
        if (query.Count == 0)
        {
            return null;
        }

        var inPath = (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.Parameters.Select(parameter => parameter.Name) ?? [];
        string[] known = [.. named.Except(inPath, StringComparer.OrdinalIgnoreCase)];
        var errors = new ValidationErrors();
        foreach (var unknown in query.Keys.Except(known, StringComparer.OrdinalIgnoreCase))
        {
            errors.Add(Received.Text(unknown), Nearest.Of(unknown, known) is { } meant
                ? $"is not a parameter here; did you mean {meant}?"
                : $"is not a parameter here; the parameters are {string.Join(", ", known)}");
        }

        return errors.Any ? Problem.Validation(errors) : null;
    }

    /// <summary>What the platform reads from path or query: plain values, alone or gathered in a record's constructor.</summary>
    private static IEnumerable<string> Names(ParameterInfo parameter) => parameter.IsDefined(typeof(AsParametersAttribute))
        ? parameter.ParameterType.GetConstructors().Single().GetParameters().SelectMany(Names)
        : IsPlain(parameter.ParameterType) ? [JsonNamingPolicy.CamelCase.ConvertName(parameter.Name!)] : [];

    private static bool IsPlain(Type type) => type == typeof(string) || (Nullable.GetUnderlyingType(type) ?? type).IsPrimitive;
}
