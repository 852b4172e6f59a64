using Mono.Cecil;
using Mono.Cecil.Cil;

namespace CnnService.Architecture.Tests.Rules;

/// <summary>Rules over tasks; each answers its violations as sentences, none when it holds.</summary>
internal static class TaskRules
{
    private const string Token = "System.Threading.CancellationToken";

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
            where !method.Parameters.Any(parameter => parameter.ParameterType.FullName == Token)
            where method.Name != "DisposeAsync"
                && !method.Parameters.Any(parameter => parameter.ParameterType.Name.StartsWith("Func`", StringComparison.Ordinal))
            select $"{type.FullName}.{method.Name} takes no CancellationToken"];
    }

    /// <summary>
    /// Code of a namespace passes a token of its own to every method of the stores' namespace that takes one: neither <c>default</c> nor
    /// <c>CancellationToken.None</c>, so that work for a client that has gone ends.
    /// </summary>
    /// <param name="assemblyPath">The assembly to read.</param>
    /// <param name="callers">The namespaces that are held to it, with all below them.</param>
    /// <param name="stores">The namespace of the stores.</param>
    public static IReadOnlyList<string> UncancelledStoreCalls(string assemblyPath, IReadOnlyList<string> callers, string stores)
    {
        using var module = ModuleDefinition.ReadModule(assemblyPath);
        return [.. from type in module.GetTypes()
            let space = Outermost(type).Namespace
            where callers.Any(caller => space == caller || space.StartsWith(caller + ".", StringComparison.Ordinal))
            from method in type.Methods
            where method.HasBody
            from call in method.Body.Instructions
            where call.Operand is MethodReference called && Outermost(called.DeclaringType).Namespace == stores
                && called.Parameters.LastOrDefault()?.ParameterType.FullName == Token && IsNoToken(call.Previous)
            let target = (MethodReference)call.Operand
            select $"{Outermost(type).FullName} calls {target.DeclaringType.GetElementType().Name}.{target.Name} without its own token"];
    }

    private static TypeReference Outermost(TypeReference type) =>
        type.DeclaringType is { } outer ? Outermost(outer) : type.GetElementType();

    /// <summary>Whether the value that an instruction puts on the stack is a token that nobody cancels.</summary>
    private static bool IsNoToken(Instruction argument) =>
        argument.Operand is MethodReference { Name: "get_None", DeclaringType.FullName: Token }
        || argument.Previous is { OpCode.Code: Code.Initobj, Operand: TypeReference { FullName: Token } };
}
