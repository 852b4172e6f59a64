using System.CodeDom.Compiler;
using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace CnnService.Architecture.Tests.Rules;

/// <summary>Rules over the shape of types; each answers its violations as sentences, none when it holds.</summary>
internal static class TypeRules
{
    private const BindingFlags Everything =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>Concrete classes are sealed.</summary>
    public static IReadOnlyList<string> Sealed(IEnumerable<Type> types) =>
        [.. Written(types).Where(type => type is { IsClass: true, IsAbstract: false, IsSealed: false } && !HasHeir(type))
            .Select(type => $"{type.FullName} is not sealed")];

    /// <summary>Public and protected signatures name no type of the fenced assemblies.</summary>
    public static IReadOnlyList<string> NoForeignSignatures(IEnumerable<Type> types, params string[] fenced) =>
        [.. from type in Written(types)
            where type.IsVisible
            from member in type.GetMembers(Everything).Where(IsSeen).Append(type)
            from named in Named(member).SelectMany(Parts).Distinct()
            where fenced.Any(start => named.Assembly.GetName().Name!.StartsWith(start, StringComparison.Ordinal))
            select $"{type.FullName}.{member.Name} names {named.FullName}"];

    /// <summary>All types that the public and protected signatures of a type name.</summary>
    public static IEnumerable<Type> InSignatures(Type type) => type.GetMembers(Everything).Where(IsSeen).Append(type)
        .SelectMany(Named).SelectMany(Parts)
        .Select(named => named.IsGenericType ? named.GetGenericTypeDefinition() : named);

    /// <summary>Options say their section, give each setting a default and have a way to be validated.</summary>
    public static IReadOnlyList<string> Options(IEnumerable<Type> types)
    {
        var options = Written(types).Where(type => type.Name.EndsWith("Options", StringComparison.Ordinal) && !type.IsAbstract).ToArray();
        return
        [
            .. options.Where(type => type.GetField("Section", Everything) is not { IsLiteral: true })
                .Select(type => $"{type.FullName} has no constant Section"),
            .. options.Where(type => type.GetConstructor(Type.EmptyTypes) is null)
                .Select(type => $"{type.FullName} cannot be made from its defaults"),
            .. from type in options
               where type.GetConstructor(Type.EmptyTypes) is not null
               let made = Activator.CreateInstance(type)
               from property in type.GetProperties(Everything)
               where IsMissing(property, made)
               select $"{type.FullName}.{property.Name} has no default",
            .. options.Where(type => !IsValidated(type, types))
                .Select(type => $"{type.FullName} has neither validation attributes nor a validator"),
        ];
    }

    private static bool IsMissing(PropertyInfo property, object? made) =>
        property.GetIndexParameters().Length == 0
        && new NullabilityInfoContext().Create(property).ReadState == NullabilityState.NotNull
        && property.GetValue(made) is null;

    private static bool IsValidated(Type options, IEnumerable<Type> types) =>
        options.GetProperties(Everything).Any(p => p.GetCustomAttributes<ValidationAttribute>().Any())
        || typeof(IValidatableObject).IsAssignableFrom(options)
        || types.Any(type => type.GetInterfaces().Any(i =>
            i.IsGenericType && i.GetGenericTypeDefinition().Name == "IValidateOptions`1" && i.GetGenericArguments()[0] == options));

    private static IEnumerable<Type> Written(IEnumerable<Type> types) => types.Where(type =>
        type.GetCustomAttribute<CompilerGeneratedAttribute>() is null
        && type.GetCustomAttribute<GeneratedCodeAttribute>() is null
        && type.Namespace?.StartsWith("CnnService", StringComparison.Ordinal) == true
        && !type.Namespace.Contains(".Migrations", StringComparison.Ordinal)
        && !type.Name.Contains('<', StringComparison.Ordinal)
        && type.Name is not ("Program" or "_Imports"));

    private static bool HasHeir(Type type) => type.Assembly.GetTypes().Any(other => other.BaseType == type);

    private static bool IsSeen(MemberInfo member) => member switch
    {
        MethodBase method => method.IsPublic || method.IsFamily,
        FieldInfo field => field.IsPublic || field.IsFamily,
        PropertyInfo property => property.GetAccessors().Length > 0,
        _ => false,
    };

    private static IEnumerable<Type> Named(MemberInfo member)
    {
        IEnumerable<Type> direct = member switch
        {
            MethodInfo method => [method.ReturnType, .. method.GetParameters().Select(p => p.ParameterType)],
            Type { BaseType: { } parent } type => [parent, .. type.GetInterfaces()],
            Type type => type.GetInterfaces(),
            ConstructorInfo constructor => constructor.GetParameters().Select(p => p.ParameterType),
            FieldInfo field => [field.FieldType],
            PropertyInfo property => [property.PropertyType],
            _ => [],
        };
        return direct;
    }

    /// <summary>A type and all that its name is made of: elements of arrays and references, arguments at any depth.</summary>
    private static IEnumerable<Type> Parts(Type type) =>
        type.GetElementType() is { } element ? Parts(element) : [type, .. type.GetGenericArguments().SelectMany(Parts)];
}
