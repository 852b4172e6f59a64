using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Http.Metadata;

namespace CnnService.Web.Api.Requests;

/// <summary>A parameter that the platform reads from path or query.</summary>
/// <param name="Name">As it is written.</param>
/// <param name="IsRequired">It must be there.</param>
/// <param name="IsText">Any text is one.</param>
/// <param name="Rule">What may be written; empty where any text may.</param>
/// <param name="Reads">Whether a text can be read as one.</param>
internal sealed record RequestParameter(string Name, bool IsRequired, bool IsText, string Rule, Func<string, bool> Reads)
{
    private static readonly ConcurrentDictionary<MethodInfo, IReadOnlyList<RequestParameter>> Known = [];

    /// <summary>Of a handler: plain values, alone or gathered in a record's constructor.</summary>
    public static IReadOnlyList<RequestParameter> Of(MethodInfo handler) => Known.GetOrAdd(handler, method =>
    {
        var nullability = new NullabilityInfoContext();
        return [.. method.GetParameters().SelectMany(Flatten).Select(parameter => Read(parameter, nullability)).OfType<RequestParameter>()];
    });

    private static IEnumerable<ParameterInfo> Flatten(ParameterInfo parameter) => parameter.IsDefined(typeof(AsParametersAttribute))
        ? parameter.ParameterType.GetConstructors().Single().GetParameters()
        : [parameter];

    /// <summary>Null where it comes from elsewhere.</summary>
    private static RequestParameter? Read(ParameterInfo parameter, NullabilityInfoContext nullability)
    {
        var isElsewhere = parameter.GetCustomAttributes().Any(attribute => attribute is IFromHeaderMetadata or IFromFormMetadata or IFromBodyMetadata);
        var underlying = Nullable.GetUnderlyingType(parameter.ParameterType);
        var isRequired = underlying is null && !parameter.HasDefaultValue && nullability.Create(parameter).WriteState != NullabilityState.Nullable;
        return !isElsewhere && RuleOf(underlying ?? parameter.ParameterType) is var (rule, reads)
            ? new(JsonNamingPolicy.CamelCase.ConvertName(parameter.Name!), isRequired, rule.Length == 0, rule, reads)
            : null;
    }

    private static (string Rule, Func<string, bool> Reads)? RuleOf(Type type) =>
        type == typeof(string) ? (string.Empty, _ => true)
        : type == typeof(int) ? ($"must be a whole number of at most {int.MaxValue}", text => int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out _))
        : type == typeof(long) ? ($"must be a whole number of at most {long.MaxValue}", text => long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out _))
        : type == typeof(double) ? ("must be a number", text => double.TryParse(text, NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture, out _))
        : type == typeof(bool) ? ("must be true or false", text => bool.TryParse(text, out _))
        : type.GetInterfaces().Any(one => one.IsGenericType && one.GetGenericTypeDefinition() == typeof(IQueryValue<>)) ? RuleOfValue(type)
        : null;

    private static (string Rule, Func<string, bool> Reads) RuleOfValue(Type type) =>
        ((string, Func<string, bool>))typeof(RequestParameter).GetMethod(nameof(Value), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(type).Invoke(null, null)!;

    private static (string Rule, Func<string, bool> Reads) Value<T>()
        where T : IQueryValue<T> => (T.Rule, text => T.TryParse(text, CultureInfo.InvariantCulture, out _));
}
