using Mono.Cecil;

namespace CnnService.Architecture.Tests.Rules;

/// <summary>
/// Finds members that could be seen from elsewhere and are used by nothing of the product. Tests do not count: what only they call
/// is not part of it. Not looked at, since no code needs to name them: members that answer an interface or a base class, those a
/// compiler wrote, properties that hold data (they are serialized, bound or stored), constants (they are copied into their users),
/// and the static members that the platform finds by their shape.
/// </summary>
internal sealed class UnusedMembers
{
    /// <summary>Found by minimal APIs, the middleware pipeline, and the entry point, by name and signature.</summary>
    private static readonly string[] FoundByShape = ["Main", "BindAsync", "TryParse", "Invoke", "InvokeAsync", "ConfigureServices",
        "PopulateMetadata", "Dispose", "DisposeAsync"];

    private readonly HashSet<string> _used = new(StringComparer.Ordinal);

    private readonly List<ModuleDefinition> _modules;

    private UnusedMembers(List<ModuleDefinition> modules)
    {
        _modules = modules;
        var bodies = from type in modules.SelectMany(module => module.GetTypes())
                     from method in type.Methods
                     where method.HasBody
                     select method;
        foreach (var method in bodies)
        {
            Collect(method);
        }
    }

    /// <summary>The unused methods, computed properties and types of these assemblies together.</summary>
    public static IReadOnlyList<string> In(IEnumerable<string> assemblyPaths)
    {
        var modules = assemblyPaths.Select(path => ModuleDefinition.ReadModule(path)).ToList();
        try
        {
            return [.. new UnusedMembers(modules).Find()];
        }
        finally
        {
            modules.ForEach(module => module.Dispose());
        }
    }

    private IEnumerable<string> Find() =>
        from type in _modules.SelectMany(module => module.GetTypes())
        where IsWritten(type)
        from method in type.Methods
        where IsLookedAt(method) && !_used.Contains(NameOf(method))
        select $"{NameOf(method)} is used by nothing";

    private void Collect(MethodDefinition method)
    {
        var own = NameOf(method);
        foreach (var name in method.Body.Instructions.Select(instruction => instruction.Operand).OfType<MethodReference>().Select(NameOf))
        {
            if (name != own)
            {
                _used.Add(name);
            }
        }
    }

    /// <summary>Overloads with as many parameters share a name.</summary>
    private static string NameOf(MethodReference method) =>
        $"{method.DeclaringType.GetElementType().FullName}.{method.Name}({method.Parameters.Count})";

    private static bool IsWritten(TypeDefinition type) =>
        OutermostNamespace(type) is var name && name.StartsWith("CnnService", StringComparison.Ordinal)
        && !name.Contains(".Migrations", StringComparison.Ordinal)
        && !type.FullName.Contains('<', StringComparison.Ordinal)
        && type.Name != "_Imports"
        && !type.CustomAttributes.Any(
            attribute => attribute.AttributeType.Name
                is "CompilerGeneratedAttribute" or "GeneratedCodeAttribute" or "DebuggerNonUserCodeAttribute")
        && !type.Interfaces.Any(implemented => implemented.InterfaceType.FullName.StartsWith("Google.Protobuf", StringComparison.Ordinal))
        && type.BaseType?.FullName is not ("System.MulticastDelegate" or "System.Enum");

    private static string OutermostNamespace(TypeDefinition type) =>
        type.DeclaringType is { } outer ? OutermostNamespace(outer) : type.Namespace;

    private static bool IsLookedAt(MethodDefinition method) =>
        !method.IsPrivate && !method.IsVirtual && !method.IsConstructor && !method.HasOverrides
        && !FoundByShape.Contains(method.Name)
        && !method.CustomAttributes.Any(attribute => attribute.AttributeType.Name
            is "CompilerGeneratedAttribute" or "GeneratedCodeAttribute" or "JSInvokableAttribute") // The last is called by scripts.
        && !method.Name.StartsWith("op_", StringComparison.Ordinal)
        && !method.Name.Contains('<', StringComparison.Ordinal)
        && !IsNamedByAttribute(method)
        && !IsData(method);

    /// <summary>An attribute of its type names it, for a library that calls it.</summary>
    private static bool IsNamedByAttribute(MethodDefinition method) => method.DeclaringType.CustomAttributes.Any(
        attribute => attribute.ConstructorArguments.Any(argument => argument.Value is string name && name == method.Name));

    private static bool IsData(MethodDefinition method) => method.IsSetter || method.Name == "Deconstruct";
}
