using System.Reflection;

namespace CnnService.Architecture.Tests.Rules;

/// <summary>Rules over what assemblies refer to; each answers its violations as sentences, none when it holds.</summary>
internal static class AssemblyRules
{
    /// <summary>The assembly refers to nothing but names that start with one of these.</summary>
    public static IReadOnlyList<string> RefersOnlyTo(Assembly assembly, params string[] allowed) =>
        [.. assembly.GetReferencedAssemblies()
            .Where(name => !allowed.Any(start => name.Name!.StartsWith(start, StringComparison.Ordinal)))
            .Select(name => $"{assembly.GetName().Name} refers to {name.Name}")];

    /// <summary>The assembly refers to none of these.</summary>
    public static IReadOnlyList<string> RefersToNone(Assembly assembly, params string[] forbidden) =>
        [.. assembly.GetReferencedAssemblies()
            .Where(name => forbidden.Any(start => name.Name!.StartsWith(start, StringComparison.Ordinal)))
            .Select(name => $"{assembly.GetName().Name} refers to {name.Name}")];
}
