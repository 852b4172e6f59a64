using CnnService.Benchmarks;
using CnnService.Benchmarks.Scenarios;

// Measurements and long checks that are no tests: they take minutes, and their figures depend on the machine.
var scenarios = new Dictionary<string, (string Usage, Func<Arguments, Task> Run)>
{
    ["advice"] = ("DATA [--image-size 64] [--only NUMBER] [--wanted 27]: runs with known diseases and healthy ones, and the advice on each",
        AdviceTable.RunAsync),
    ["against-pytorch"] =
        ("DATA PEER.py [--rounds 3] [--epochs 5] [--batch-size 32] [--precision auto,float32] [--augmentation none] [--peer-arguments "
            + "\"--threads 2 --channels-last;…\"]: training speed, in turn with the peer", AgainstPyTorch.RunAsync),
    ["accuracy"] =
        ("DATA [--request '{\"epochs\":15}'] [--seeds 42,43,44] [--wanted 0.81] [--validation-fraction 0.2] [--epochs show] [--held-out "
            + "yes]: how well a request trains", Accuracy.RunAsync),
    ["augmentation"] = ("[--rounds 3] [--batch-size 32] [--precision auto]: what changing the training images costs",
        AugmentationCost.RunAsync),
    ["classify-job"] = ("DATA [--rounds 3]: a whole data set through POST /classify/jobs, against decoding and the network alone",
        ClassifyJobSpeed.RunAsync),
    ["explanations"] =
        ("MODEL-FOLDER IMAGES [--images 100] [--methods grad-cam,…] [--layer NAME]: what explanations find, and how long they take",
            Explanations.RunAsync),
    ["explanation-mosaics"] =
        ("MODEL-FOLDER IMAGES [--classes a,b] [--mosaics 50] [--methods grad-cam,…]: whether explanations of a class lie on its tiles of "
            + "a mosaic, and move with the image", ExplanationMosaics.RunAsync),
    ["explanation-pointing"] = ("MODEL-FOLDER [--methods grad-cam,…]: whether explanations point at the object, on the sample",
        ExplanationPointing.RunAsync),
    ["explanation-sanity"] =
        ("MODEL-FOLDER IMAGES [--images 20] [--methods grad-cam,layer-cam,saliency]: whether explanations are lost with the weights, "
            + "layer by layer", ExplanationSanity.RunAsync),
    ["fuzz-datasets"] =
        ("[--count 20000] [--seed 1] [--connections 4]: mutated archives, tables, Parquet, CIFAR and IDX files as dry runs and imports: a "
            + "declared answer each, the process alive, memory level", FuzzDatasets.RunAsync),
    ["fuzz-images"] = ("FOLDER [--count 20000] [--seed 1] [--connections 4]: image files with mutated headers to /classify and an import",
        FuzzImages.RunAsync),
    ["fuzz-models"] = ("[--count 10000] [--seed 1] [--keep FOLDER]: mutated ONNX and safetensors files through the importer",
        FuzzModels.RunAsync),
    ["fuzz-models-child"] = ("FROM TO SEED FOLDER: what the scenario above runs", FuzzModelsChild.RunAsync),
    ["gpu-check"] =
        ("[--device cuda|cpu|lazy] [--libraries FOLDER]: whether a device computes what the processor does, and how fast; a JSON line "
            + "a check",
            GpuCheck.RunAsync),
    ["gpu-patterns"] =
        ("[--device cuda|cpu|lazy] [--libraries FOLDER] [--iterations 128] [--filters 8]: how long patterns take on a device; "
            + "a JSON line each",
            GpuPatterns.RunAsync),
    ["hostile"] =
        ("[--count 20000] [--seed 1] [--connections 4] [--warm-up 5000] [--rounds 1] [--only NUMBER]: requests made from the OpenAPI "
            + "text and broken one rule at a time: none answered 500, none late, memory level over further rounds",
            HostileClient.RunAsync),
    ["kill"] = ("[--rounds 5]: kill -9 in mid-epoch, start again, wait for the run", KillAndResume.RunAsync),
    ["large-dataset"] =
        ("[--images 100000] [--idx FOLDER]: import of many JPEGs, or of IDX files, beside decoding alone; memory over time; pages anywhere",
            LargeDataset.RunAsync),
    ["load-swaps"] =
        ("DATA [--connections 64] [--seconds 600] [--swap-every 5]: load while an alias moves and clients hang up, every answer checked",
            LoadWithSwaps.RunAsync),
    ["mixed"] =
        ("DATA [--minutes 30] [--connections 32] [--pause 400] [--database postgres|sqlite]: all kinds of use at once while training "
            + "processes are killed and the database crashes: nothing lost, every answer right, memory and file handles level",
            MixedUse.RunAsync),
    ["odd-images"] = ("FOLDER [--rounds 200]: hostile image files to /classify, memory before and after", OddImages.RunAsync),
    ["optimizer-share"] = ("[--updates 40] [--rounds 5] [--batch-size 32]: the optimizer's share of a training step, plain and fused",
        OptimizerShare.RunAsync),
    ["patterns"] =
        ("MODEL-FOLDER IMAGES [--layers a,b] [--classes 0,1] [--filters 8] [--size 96] [--images 200] [--trained weakly|well] [--recipe "
            + "natural] [--fourier yes|no] [--transforms robust]: whether patterns and class images show what they should",
            PatternQuality.RunAsync),
    ["protocol-speed"] =
        ("DATA [--batch-size 8] [--clients 4] [--rounds 3]: binary tensors over the inference protocol, against OnnxRuntime alone",
            ProtocolSpeed.RunAsync),
    ["serving"] =
        ("DATA PEER.mjs SCRIPT.lua [--connections 1,16] [--rounds 3] [--seconds 10]: /classify in turn with a Node server, and against "
            + "the machine's limit", ServingSpeed.RunAsync),
    ["step-parts"] = ("DATA [--batch-size 32]: where the time of a training step goes, part by part", StepParts.RunAsync),
    ["train-speed"] = ("DATA [--device cuda|cpu] [--epochs 6] [--batch-size 32]: images a second of each epoch; a JSON line an epoch",
        TrainSpeed.RunAsync),
    ["wrong-labels"] =
        ("DATA NETWORK [--share 0.05] [--seed 1] [--wanted 0.8]: labels turned round, and how many a network trained elsewhere finds",
            WrongLabels.RunAsync),
    ["runs-memory"] = ("[--runs 20]: resident memory over training runs of the sample", RunsMemory.RunAsync),
};

if (args.Length == 0 || !scenarios.TryGetValue(args[0], out var scenario))
{
    Console.WriteLine("usage: dotnet run -c Release --project tests/CnnService.Benchmarks -- SCENARIO …");
    foreach (var (name, (usage, _)) in scenarios)
    {
        Console.WriteLine($"  {name} {usage}");
    }

    return 2;
}

await scenario.Run(new Arguments(args[1..]));
return Environment.ExitCode; // A scenario may have missed what it is to hold.
