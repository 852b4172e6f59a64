#pragma warning disable CA1812, CA1852 // These types break the rules on purpose.
using TorchSharp;

namespace CnnService.Guilty.Persistence
{
    internal class UnsealedClass;

    internal sealed class UsesAFeature
    {
        public static string Broken() => typeof(Features.Train.TrainThing).Name;
    }
}

namespace CnnService.Guilty.Features.Train
{
    internal sealed class TrainThing;
}

namespace CnnService.Guilty.Features.Runs
{
    /// <summary>Sees another feature folder.</summary>
    internal sealed class RunThing
    {
        public Train.TrainThing? Stranger { get; set; }
    }
}

namespace CnnService.Guilty.Circle.One
{
    internal sealed class A
    {
        public Two.B? Next { get; set; }
    }
}

namespace CnnService.Guilty.Circle.Two
{
    internal sealed class B
    {
        public static object Back() => new One.A();
    }
}

namespace CnnService.Guilty.Deep.Inner.One
{
    internal sealed class A
    {
        public Two.B? Next { get; set; }
    }
}

namespace CnnService.Guilty.Deep.Inner.Two
{
    internal sealed class B
    {
        public static object Back() => new One.A();
    }
}

namespace CnnService.Guilty.Nested
{
    /// <summary>Of the folder itself, and used by what lies in it.</summary>
    internal sealed class Outer
    {
        public Inner.Part? Part { get; set; }
    }
}

namespace CnnService.Guilty.Nested.Inner
{
    internal sealed class Part
    {
        public Outer? Whole { get; set; }
    }
}

namespace CnnService.Guilty.Layers.Low
{
    internal sealed class Base
    {
        public High.Flow? Flow { get; set; }
    }
}

namespace CnnService.Guilty.Layers.High
{
    internal sealed class Flow;
}

namespace CnnService.Guilty.Shape
{
    /// <summary>No section, no empty constructor, no validation.</summary>
    internal sealed class LawlessOptions(int limit)
    {
        public int Limit { get; } = limit;
    }

    /// <summary>A public signature that names a package's type.</summary>
    public sealed class Leaky
    {
        public static Mono.Cecil.ModuleDefinition? Module => null;

        public static IReadOnlyList<Func<Mono.Cecil.ModuleDefinition[]>> Deep() => [];
    }

    /// <summary>A package's type as its base.</summary>
    public sealed class LeakyHeir : Mono.Cecil.DefaultAssemblyResolver;

    /// <summary>A default that is missing, and no check at start.</summary>
    internal sealed class EmptyOptions
    {
        public const string Section = "Empty";

        [System.ComponentModel.DataAnnotations.Required]
        public string Folder { get; set; } = null!;
    }

    /// <summary>Public, and seen by nobody.</summary>
    public sealed class Lonely
    {
        /// <summary>Called by nothing.</summary>
        public static int Unused() => 1;
    }

    internal sealed class GuiltyStore
    {
        public static Task<int> CountAsync() => Task.FromResult(1);

        public static void Block(Task task) => task.Wait(CancellationToken.None);
    }
}

namespace CnnService.Guilty.Stores
{
    internal sealed class ThingStore
    {
        public static Task<int> FindAsync(int id, CancellationToken cancel = default) => Task.FromResult(cancel.CanBeCanceled ? id : 0);

        public static Task<int> CountAsync(CancellationToken cancel = default) => Task.FromResult(cancel.CanBeCanceled ? 1 : 0);
    }

    internal sealed class QueryStore<T>
    {
        public static Task<T> FindAsync(T id, CancellationToken cancel = default) =>
            Task.FromResult(cancel.CanBeCanceled ? id : throw new InvalidOperationException());
    }
}

namespace CnnService.Guilty.Requests
{
    /// <summary>Four calls without a token in each way that one can be left out, and three with one.</summary>
    internal static class Handlers
    {
        public static Task<int> Left(int id) => Stores.ThingStore.FindAsync(id);

        public static Task<int> None() => Stores.ThingStore.CountAsync(CancellationToken.None);

        public static async Task<int> InALoop(IEnumerable<int> ids, CancellationToken cancel)
        {
            var sum = await Stores.ThingStore.CountAsync(cancel);
            foreach (var id in ids)
            {
#pragma warning disable CA2016 // The guilt that the rule must find.
                sum += await Stores.ThingStore.FindAsync(id);
#pragma warning restore CA2016
                sum += await Stores.ThingStore.FindAsync(id, cancel);
            }

            return sum;
        }

        public static Func<Task<int>> InAClosure(int id, CancellationToken cancel) =>
            async () => await Stores.QueryStore<int>.FindAsync(id) + await Stores.QueryStore<int>.FindAsync(id, cancel);
    }
}

namespace CnnService.Guilty.Steps
{
    internal interface IMeasure
    {
        float Measure(torch.Tensor value);
    }

    internal sealed class Step(IMeasure measure)
    {
        public float Run(torch.Tensor value)
        {
            var sum = measure.Measure(value.cpu());
            foreach (var batch in Feed.Batches(value))
            {
                sum += measure.Measure(Upload.Copy(batch));
            }

            return sum;
        }
    }

    internal sealed class Deep : IMeasure
    {
        public float Measure(torch.Tensor value) => value.item<float>();
    }

    internal static class Feed
    {
        public static IEnumerable<torch.Tensor> Batches(torch.Tensor value)
        {
            yield return value.to(new torch.Device());
        }
    }

    /// <summary>The one that may.</summary>
    internal static class Upload
    {
        public static torch.Tensor Copy(torch.Tensor value) => value.to(new torch.Device());
    }
}

// The names that the rule knows tensors by.
namespace TorchSharp
{
#pragma warning disable IDE1006, CA1822, CS8981 // Named as TorchSharp names them.
    internal static class torch
    {
        internal sealed class Device;

        internal sealed class Tensor
        {
            public Tensor cpu() => this;

            public Tensor to(Device device) => device is null ? this : new();

            public T? item<T>() => default;
        }
    }
#pragma warning restore IDE1006, CA1822, CS8981
}
