using Mono.Cecil;
using Mono.Cecil.Cil;

namespace CnnService.Architecture.Tests.Rules;

/// <summary>A type of the product and the full names of all types its code and signatures mention.</summary>
internal sealed class CodeType
{
    private readonly TypeDefinition _type;

    private CodeType(TypeDefinition type)
    {
        _type = type;
        Uses = new Collector().Collect(type);
    }

    public string FullName => _type.FullName;

    public string Namespace => _type.Namespace;

    public IReadOnlySet<string> Uses { get; }

    /// <summary>All top-level types of an assembly that people wrote; nested types count as their owner.</summary>
    public static IReadOnlyList<CodeType> In(string assemblyPath)
    {
        using var module = ModuleDefinition.ReadModule(assemblyPath);
        return [.. module.Types.Where(IsWritten).Select(type => new CodeType(type))];
    }

    private static bool IsWritten(TypeDefinition type) =>
        type.Namespace.StartsWith("CnnService", StringComparison.Ordinal) && !type.Name.StartsWith('<');

    private sealed class Collector
    {
        private readonly HashSet<string> _names = new(StringComparer.Ordinal);

        public HashSet<string> Collect(TypeDefinition type)
        {
            Add(type.BaseType);
            type.Interfaces.ToList().ForEach(i => Add(i.InterfaceType));
            type.Fields.ToList().ForEach(f => Add(f.FieldType));
            type.CustomAttributes.ToList().ForEach(a => Add(a.AttributeType));
            type.GenericParameters.SelectMany(parameter => parameter.Constraints).ToList().ForEach(c => Add(c.ConstraintType));
            type.Methods.ToList().ForEach(Collect);
            type.NestedTypes.ToList().ForEach(nested => Collect(nested));
            return _names;
        }

        private void Collect(MethodDefinition method)
        {
            Add(method.ReturnType);
            method.Parameters.ToList().ForEach(p => Add(p.ParameterType));
            method.CustomAttributes.ToList().ForEach(a => Add(a.AttributeType));
            method.GenericParameters.SelectMany(parameter => parameter.Constraints).ToList().ForEach(c => Add(c.ConstraintType));
            if (!method.HasBody)
            {
                return;
            }

            method.Body.Variables.ToList().ForEach(v => Add(v.VariableType));
            method.Body.ExceptionHandlers.ToList().ForEach(handler => Add(handler.CatchType));
            foreach (var instruction in method.Body.Instructions)
            {
                Collect(instruction);
            }
        }

        private void Collect(Instruction instruction)
        {
            switch (instruction.Operand)
            {
                case TypeReference type:
                    Add(type);
                    break;
                case MethodReference method:
                    Add(method.DeclaringType);
                    Add(method.ReturnType);
                    method.Parameters.ToList().ForEach(p => Add(p.ParameterType));
                    (method as GenericInstanceMethod)?.GenericArguments.ToList().ForEach(Add);
                    break;
                case FieldReference field:
                    Add(field.DeclaringType);
                    Add(field.FieldType);
                    break;
            }
        }

        private void Add(TypeReference? type)
        {
            switch (type)
            {
                case null or GenericParameter:
                    return;
                case GenericInstanceType generic:
                    generic.GenericArguments.ToList().ForEach(Add);
                    break;
            }

            if (type is TypeSpecification specification)
            {
                Add(specification.ElementType);
                return;
            }

            var outer = type;
            while (outer.DeclaringType is not null)
            {
                outer = outer.DeclaringType;
            }

            _names.Add(outer.FullName);
        }
    }
}
