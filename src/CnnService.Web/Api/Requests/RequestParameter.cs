using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;

namespace CnnService.Web.Api.Requests;

/// <summary>A path or query parameter that ASP.NET Core binds.</summary>
/// <param name="Name">The name in the URL.</param>
/// <param name="IsRequired">Whether it must be given.</param>
/// <param name="IsText">Whether any text is valid.</param>
/// <param name="Rule">The accepted syntax; empty if any text is valid.</param>
/// <param name="CanParse">Whether a text can be parsed.</param>
internal sealed record RequestParameter(string Name, bool IsRequired, bool IsText, string Rule, Func<string, bool> CanParse)
{
    private static readonly ConcurrentDictionary<MethodInfo, IReadOnlyList<RequestParameter>> Cache = [];

    /// <summary>The parameters of a handler: simple values, direct or in the constructor of a record. Cached; thread safe.</summary>
    public static IReadOnlyList<RequestParameter> ReadAll(MethodInfo handler) => Cache.GetOrAdd(handler, method =>
    {
        var nullability = new NullabilityInfoContext();
        return [.. method.GetParameters().SelectMany(Flatten).Select(parameter => Read(parameter, nullability)).OfType<RequestParameter>()];
    });

    private static IEnumerable<ParameterInfo> Flatten(ParameterInfo parameter) => parameter.IsDefined(typeof(AsParametersAttribute))
        ? parameter.ParameterType.GetConstructors().Single().GetParameters()
        : [parameter];

    /// <summary>Null if the parameter is bound from another source.</summary>
    private static RequestParameter? Read(ParameterInfo parameter, NullabilityInfoContext nullability)
    {
        var isElsewhere = parameter.GetCustomAttributes()
            .Any(attribute => attribute is IFromHeaderMetadata or IFromFormMetadata or IFromBodyMetadata);
        var underlying = Nullable.GetUnderlyingType(parameter.ParameterType);
        var isRequired = underlying is null && !parameter.HasDefaultValue
            && nullability.Create(parameter).WriteState != NullabilityState.Nullable;
        return !isElsewhere && RuleOf(underlying ?? parameter.ParameterType) is var (rule, reads)
            ? new(JsonNamingPolicy.CamelCase.ConvertName(parameter.Name!), isRequired, rule.Length == 0, rule, reads)
            : null;
    }

    private static (string Rule, Func<string, bool> Reads)? RuleOf(Type type) =>
        type == typeof(string) ? (string.Empty, _ => true)
        : type == typeof(int)
            ? ($"must be a whole number of at most {int.MaxValue}",
                text => int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out _))
        : type == typeof(long)
            ? ($"must be a whole number of at most {long.MaxValue}",
                text => long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out _))
        : type == typeof(double)
            ? ("must be a number",
                text => double.TryParse(text, NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out _))
        : type == typeof(bool) ? ("must be true or false", text => bool.TryParse(text, out _))
        : type.GetInterfaces().Any(one => one.IsGenericType && one.GetGenericTypeDefinition() == typeof(IQueryValue<>)) ? RuleOfValue(type)
        : null;

    private static (string Rule, Func<string, bool> Reads) RuleOfValue(Type type) =>
        ((string,
            Func<string,
                bool>))typeof(RequestParameter).GetMethod(nameof(Value), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(
                    type).Invoke(null, null)!;

    private static (string Rule, Func<string, bool> Reads) Value<T>()
        where T : IQueryValue<T> => (T.Rule, text => T.TryParse(text, CultureInfo.InvariantCulture, out _));
}
