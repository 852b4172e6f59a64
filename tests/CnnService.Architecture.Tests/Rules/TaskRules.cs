using Mono.Cecil;

namespace CnnService.Architecture.Tests.Rules;

/// <summary>Rules over tasks; each answers its violations as sentences, none when it holds.</summary>
internal static class TaskRules
{
    private static readonly string[] Tasks =
        ["System.Threading.Tasks.Task", "System.Threading.Tasks.Task`1", "System.Threading.Tasks.ValueTask",
            "System.Threading.Tasks.ValueTask`1"];

    private static readonly string[] Blocking = ["Wait", "WaitAll", "WaitAny", "get_Result"];

    /// <summary>No code waits for a task by holding its thread.</summary>
    public static IReadOnlyList<string> Blocks(string assemblyPath)
    {
        using var module = ModuleDefinition.ReadModule(assemblyPath);
        return [.. from type in module.GetTypes()
            from method in type.Methods
            where method.HasBody
            from called in method.Body.Instructions.Select(instruction => instruction.Operand).OfType<MethodReference>()
            where Tasks.Contains(called.DeclaringType.GetElementType().FullName) && Blocking.Contains(called.Name)
            select $"{method.FullName} calls {called.DeclaringType.Name}.{called.Name}"];
    }

    /// <summary>
    /// Every asynchronous method of a store that others see takes a CancellationToken; one that runs its caller's function leaves that to
    /// it.
    /// </summary>
    public static IReadOnlyList<string> StoresWithoutCancellation(string assemblyPath)
    {
        using var module = ModuleDefinition.ReadModule(assemblyPath);
        return [.. from type in module.GetTypes()
            where type.Namespace.StartsWith("CnnService", StringComparison.Ordinal)
                && type.Name.Split('`')[0].EndsWith("Store", StringComparison.Ordinal)
            from method in type.Methods
            where !method.IsPrivate && Tasks.Contains(method.ReturnType.GetElementType().FullName)
            where !method.Parameters.Any(parameter => parameter.ParameterType.FullName == "System.Threading.CancellationToken")
            where method.Name != "DisposeAsync"
                && !method.Parameters.Any(parameter => parameter.ParameterType.Name.StartsWith("Func`", StringComparison.Ordinal))
            select $"{type.FullName}.{method.Name} takes no CancellationToken"];
    }
}
