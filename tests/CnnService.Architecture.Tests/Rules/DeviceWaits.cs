using Mono.Cecil;

namespace CnnService.Architecture.Tests.Rules;

/// <summary>
/// Finds what would make the host wait for the device, in everything that a method can reach within its assembly: values read back, and
/// copies from ordinary memory. Calls through an interface or a virtual method are followed into every implementation.
/// </summary>
internal sealed class DeviceWaits
{
    private const string Tensor = "TorchSharp.torch/Tensor";

    /// <summary>Operations that need values, or sizes that depend on values, on the host.</summary>
    private static readonly string[] Reads =
        ["item", "cpu", "data", "get_bytes", "nonzero", "masked_select", "unique", "equal", "allclose", "ToScalar", "cuda"];

    private readonly ModuleDefinition _module;
    private readonly IReadOnlyList<string> _exempt;
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly List<string> _found = [];

    private DeviceWaits(ModuleDefinition module, IReadOnlyList<string> exempt) => (_module, _exempt) = (module, exempt);

    /// <param name="assemblyPath">The assembly to read.</param>
    /// <param name="type">Full name of the type whose method begins the way.</param>
    /// <param name="method">Name of that method.</param>
    /// <param name="exempt">Full names of types that are not looked into.</param>
    /// <returns>A sentence a violation; none when nothing waits.</returns>
    public static IReadOnlyList<string> From(string assemblyPath, string type, string method, IReadOnlyList<string> exempt)
    {
        using var module = ModuleDefinition.ReadModule(assemblyPath);
        var search = new DeviceWaits(module, exempt);
        var root = module.GetType(type).Methods.Single(candidate => candidate.Name == method);
        foreach (var start in search.Implementations(root).Append(root))
        {
            search.Follow(start);
        }

        return [.. search._found.Order(StringComparer.Ordinal)];
    }

    private void Follow(MethodDefinition method)
    {
        if (!method.HasBody || _exempt.Contains(method.DeclaringType.FullName) || !_seen.Add(method.FullName))
        {
            return;
        }

        foreach (var called in method.Body.Instructions.Select(instruction => instruction.Operand).OfType<MethodReference>())
        {
            if (Waits(called))
            {
                _found.Add($"{method.DeclaringType.FullName}.{method.Name} calls {called.Name}");
            }

            foreach (var target in Targets(called))
            {
                Follow(target);
            }
        }
    }

    private static bool Waits(MethodReference called) =>
        (called.DeclaringType.FullName == Tensor && (Reads.Contains(called.Name) || (called.Name == "to" && TakesDevice(called))))
        || called.DeclaringType.Name == "TensorExtensionMethods";

    private static bool TakesDevice(MethodReference called) =>
        called.Parameters.Any(parameter => parameter.ParameterType.Name is "Device" or "DeviceType" or "String" or "Tensor");

    /// <summary>The method itself if it is of this assembly, and every method that may be called in its place.</summary>
    private IEnumerable<MethodDefinition> Targets(MethodReference called)
    {
        if (called.Name == ".ctor" && called.DeclaringType.Name.StartsWith('<') && called.Resolve() is { } iterator)
        {
            return iterator.DeclaringType.Methods; // A loop that yields is run by whoever asks for its values.
        }

        var own = called.DeclaringType.GetElementType().Scope is ModuleDefinition ? called.Resolve() : null;
        return own switch
        {
            null => Implementations(called),
            { IsVirtual: true } => Implementations(called).Append(own),
            _ => [own],
        };
    }

    private IEnumerable<MethodDefinition> Implementations(MethodReference called) =>
        from type in _module.GetTypes()
        where Inherits(type, called.DeclaringType.GetElementType().FullName)
        from method in type.Methods
        where method.IsVirtual && method.Parameters.Count == called.Parameters.Count
            && method.Name.Split('.')[^1] == called.Name
        select method;

    private static bool Inherits(TypeDefinition type, string ancestor) =>
        type.Interfaces.Any(implemented => implemented.InterfaceType.GetElementType().FullName == ancestor)
        || (type.BaseType is { } parent && (parent.GetElementType().FullName == ancestor
            || (parent.Scope is ModuleDefinition && parent.Resolve() is { } known && Inherits(known, ancestor))));
}
