using System.Text.Json;
using CnnService.Web.Persistence;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;

namespace CnnService.Web.Tests.Persistence.Copying;

/// <summary>Rows of all tables, as the model has them, none of whose columns has its default.</summary>
internal static class SomeRows
{
    private static readonly DateTimeOffset Day = new(2026, 3, 4, 5, 6, 7, 89, TimeSpan.Zero);

    /// <summary>Adds two rows to each table.</summary>
    public static void AddAll(StoreContext context)
    {
        foreach (var table in Tables(context))
        {
            context.Add(Make(table, 1));
            context.Add(Make(table, 2));
        }
    }

    /// <summary>The rows of each table, in JSON.</summary>
    public static async Task<SortedDictionary<string, string[]>> ReadAllAsync(StoreContext context)
    {
        var read = new SortedDictionary<string, string[]>(StringComparer.Ordinal);
        foreach (var table in Tables(context))
        {
            var rows = typeof(DbContext).GetMethod(nameof(DbContext.Set), [])!.MakeGenericMethod(table.ClrType).Invoke(context, null)!;
            var texts = new List<string>();
            await foreach (var row in (IAsyncEnumerable<object>)rows)
            {
                texts.Add(JsonSerializer.Serialize(row, table.ClrType));
            }

            read[table.ClrType.Name] = [.. texts.Order(StringComparer.Ordinal)];
        }

        return read;
    }

    private static IEnumerable<IEntityType> Tables(StoreContext context) =>
        context.Model.GetEntityTypes().Where(entity => !entity.IsOwned() && entity.ClrType != typeof(WorkerRow));

    private static object Make(IEntityType table, int number)
    {
        var row = Filled(table, number, table.ClrType.Name);
        foreach (var owned in table.GetNavigations())
        {
            owned.PropertyInfo!.SetValue(row, Filled(owned.TargetEntityType, number, owned.Name));
        }

        return row;
    }

    private static object Filled(IEntityType table, int number, string name)
    {
        var row = System.Runtime.CompilerServices.RuntimeHelpers.GetUninitializedObject(table.ClrType);
        foreach (var column in table.GetProperties().Where(column => column.PropertyInfo is not null))
        {
            column.PropertyInfo!.SetValue(row, Value(column.ClrType, number, $"{name} {column.Name} {number}"));
        }

        return row;
    }

    private static object Value(Type type, int number, string text) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var kind when kind == typeof(string) => $"{text} 'ä\n\t\"€\"",
        var kind when kind == typeof(int) => 1000 + number,
        var kind when kind == typeof(long) => (1L << 40) + number,
        var kind when kind == typeof(double) => 0.1 + number,
        var kind when kind == typeof(bool) => true,
        var kind when kind == typeof(DateTimeOffset) => Day.AddDays(number),
        { IsEnum: true } kind => Enum.GetValues(kind) is var values ? values.GetValue(Math.Min(number, values.Length - 1))! : number,
        var other => throw new NotSupportedException($"No value is known for {other.Name}."),
    };
}
